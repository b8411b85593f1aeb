{#-
    What has changed in Xero, or stands in its way, apart from any one document: accounts renamed within
    the last 31 days, accounts that a source may not list, archived categories that are still used, months
    whose end finds stock received and not invoiced, or the reverse.
-#}
{%- set text = dbt.type_string() -%}

with versions as (

    select
        *,
        lag(account_name) over (partition by tenant_id, account_id order by valid_from) as former_name,
        lag(account_code) over (partition by tenant_id, account_id order by valid_from) as former_code
    from {{ ref('stg_xero__account_versions') }}
    where not is_deleted

),

recent as (

    select * from versions
    where cast(valid_from as date) >= {{ dbt.dateadd('day', -31, as_of()) }}

),

used_accounts as (

    select
        candidates.tenant_id,
        candidates.source_system,
        candidates.account_id,
        checked.account_code,
        checked.account_name,
        candidates.role
    from {{ ref('int_account_candidates_ranked') }} as candidates
    inner join {{ ref('int_account_roles_checked') }} as checked
        on
            candidates.tenant_id = checked.tenant_id
            and candidates.account_id = checked.account_id
            and checked.role = case
                when candidates.is_contra then 'INVENTORY'
                when candidates.role = 'ADJUSTMENT' then 'COGS'
                else candidates.role
            end
    inner join {{ ref('int_coding_policies_set') }} as policies
        on
            candidates.tenant_id = policies.tenant_id
            and candidates.source_system = policies.source_system
    where
        candidates.is_winner
        and checked.has_payments_off
        and not checked.needs_payments_enabled
        and policies.payments_off = 'warn'
    group by
        candidates.tenant_id, candidates.source_system, candidates.account_id, checked.account_code,
        checked.account_name, candidates.role

),

archived_categories as (

    select
        tenant_id,
        tracking_category_id,
        max(tracking_category_name) as tracking_category_name
    from {{ ref('int_tracking_values_resolved') }}
    where is_category_archived
    group by tenant_id, tracking_category_id

),

final as (

    select
        tenant_id,
        cast(null as {{ text }}) as source_system,
        'account' as record_type,
        account_id as record_id,
        account_name as record_label,
        {{ coding_finding('ACC_RENAMED', {'code': "coalesce(account_code, 'without code')", 'name': 'account_name'}) }}
    from recent
    where former_name <> account_name and valid_to is null
    union all
    select
        tenant_id,
        cast(null as {{ text }}) as source_system,
        'account' as record_type,
        account_id as record_id,
        account_name as record_label,
        {{ coding_finding('ACC_RENUMBERED', {'name': 'account_name', 'old': 'former_code', 'new': 'account_code'}) }}
    from recent
    where former_code <> account_code and valid_to is null
    union all
    select distinct
        tenant_id,
        source_system,
        'account' as record_type,
        account_id as record_id,
        account_name as record_label,
        {{
            coding_finding(
                'ACC_PAYMENTS_OFF',
                {'system': system_name('source_system'), 'code': 'account_code', 'name': 'account_name'},
            )
        }}
    from used_accounts
    union all
    select
        tenant_id,
        cast(null as {{ text }}) as source_system,
        'tracking_category' as record_type,
        tracking_category_id as record_id,
        tracking_category_name as record_label,
        {{ coding_finding('TRK_CAT_ARCHIVED', {'category': 'tracking_category_name'}) }}
    from archived_categories
    union all
    select
        tenant_id,
        source_system,
        record_type,
        record_id,
        record_label,
        rule,
        message,
        remedy
    from {{ ref('int_stock_on_hand_compared') }}

)

select
    *,
    'warn' as severity
from final
