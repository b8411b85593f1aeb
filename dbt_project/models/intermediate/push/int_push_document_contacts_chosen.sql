{{ config(materialized='table') }}

{#-
    The contact that documents of a customer or supplier are sent with: Xero's id of it; or, where its
    creation is planned too, a placeholder for the id; or none, with the reason and the remedy.
-#}
with resolved as (

    select * from {{ ref('int_push_contacts_resolved') }}

),

desired as (

    select
        *,
        {{ is_stopped('findings') }} as is_stopped,
        {{ json_text('findings', "'$[0].rule'") }} as first_rule,
        {{ json_text('facts', "'$.template_contact'") }} as template_contact
    from {{ ref('push_xero__contacts') }}

),

policies as (

    select * from {{ ref('int_push_policies_set') }}
    where target = 'xero' and entity = 'contacts' and operation = 'create'

),

joined as (

    select
        resolved.*,
        coalesce(desired.operation_hint = 'create', false) and not desired.is_stopped and policies.mode is not null
            as is_planned,
        coalesce(desired.is_stopped, false) as is_stopped,
        desired.first_rule,
        desired.template_contact
    from resolved
    left join desired
        on
            resolved.tenant_id = desired.tenant_id
            and resolved.record_key = desired.record_key
    left join policies
        on resolved.tenant_id = policies.tenant_id

),

{%- set findings = [
    push_finding('CON_AMBIGUOUS', 'block', "state = 'ambiguous'", {
        'n': 'cast(candidate_count as ' ~ dbt.type_string() ~ ')',
        'shared': "case when account_number is null then 'name ' || contact_name else 'account number ' || account_number end",
    }),
    push_finding('CON_NAME_TAKEN', 'block', "state = 'name_taken'", {
        'name': 'contact_name', 'source': system_name('source_system'),
    }),
    push_finding('CON_ARCHIVED', 'block', "state = 'archived'", {'name': 'xero_contact_name'}),
    push_finding('CON_MERGED', 'warn', "state = 'merged'", {
        'name': 'stated_contact_name', 'target': 'xero_contact_name',
    }),
    push_finding('CON_WAITS', 'hold', "state = 'new' and not is_planned and is_stopped", {
        'name': 'contact_name', 'rules': 'first_rule',
    }),
    push_finding('CON_UNKNOWN', 'hold', "state = 'new' and not is_planned and not is_stopped", {
        'name': 'contact_name',
    }),
] %}

final as (

    select
        tenant_id,
        source_system,
        side,
        source_contact_id,
        record_key,
        contact_id,
        case
            when state in ('existing', 'merged') then contact_id
            when is_planned then '{{ "{{" }}xero__contacts/' || record_key || '{{ "}}" }}'
        end as sent_contact_id,
        case when is_planned and state = 'new' then record_key end as needed_contact_key,
        case when state in ('new', 'name_taken', 'ambiguous') then 'new' else 'existing' end as contact_age,
        case when is_planned then template_contact end as template_contact,
        {{ json_list_of(findings) }} as findings
    from joined

)

select * from final
