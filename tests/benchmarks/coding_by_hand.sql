-- The lines of outgoing documents, coded in one script as somebody would write it who knows this data and DuckDB:
-- no candidates are kept, no reasons given, policies are as they are by default. What is configuration, and does not
-- grow with the lines, is read as the models have it.
create or replace temp table docs as
with every as (
    select * from intermediate.int_workguru__outgoing_documents
    union all by name select * from intermediate.int_prospect__outgoing_documents
    union all by name select * from intermediate.int_unleashed__outgoing_documents
),
active as (from staging.stg_xero__contacts where not is_deleted and contact_status = 'ACTIVE'),
by_number as (
    select tenant_id, trim(account_number) as account_number, min(contact_id) as contact_id, count(*) as n
    from active where trim(account_number) <> '' group by all
),
by_name as (
    select tenant_id, lower(trim(contact_name)) as name, min(contact_id) as contact_id, count(*) as n
    from active group by all
)
select every.*, contacts.contact_id, known.sales_account_code, known.purchases_account_code,
    known.accounts_receivable_tax_type, known.accounts_payable_tax_type,
    every.is_due and not every.is_sent and not every.is_skipped as to_send,
    orgs.is_tax_registered, case when orgs.country_code = 'AU' then 'BASEXCLUDED' else 'NONE' end as no_tax,
    every.source_system in ('prospect', 'unleashed') as has_contact_level
from every
inner join intermediate.int_organisation_limits_read as orgs using (tenant_id)
left join by_number
    on every.tenant_id = by_number.tenant_id and trim(every.contact_account_number) = by_number.account_number
left join by_name on every.tenant_id = by_name.tenant_id and lower(trim(every.contact_name)) = by_name.name
left join intermediate.int_contacts_followed as contacts
    on every.tenant_id = contacts.tenant_id
    and contacts.stated_contact_id = coalesce(
        lower(nullif(trim(every.xero_contact_id), '')),
        case
            when coalesce(every.xero_contact_count, 0) <= 1 and coalesce(by_number.n, by_name.n) = 1
                then coalesce(by_number.contact_id, by_name.contact_id)
        end
    )
left join staging.stg_xero__contacts as known
    on contacts.tenant_id = known.tenant_id and contacts.contact_id = known.contact_id
where every.side <> 'stock';

create or replace temp table lines as
with every as (
    select * from intermediate.int_workguru__outgoing_lines
    union all by name select * from intermediate.int_prospect__outgoing_lines
    union all by name select * from intermediate.int_unleashed__outgoing_lines
)
select every.*, docs.* exclude (tenant_id, source_system, document_type, document_id, record_updated_at, extracted_at),
    case
        when source_item_id is null and item_code is null and (coalesce(quantity, 0) = 0 or line_kind = 'text')
            and coalesce(unit_amount, 0) = 0 and coalesce(source_line_amount, 0) = 0 then 'TEXT'
        when line_kind = 'payment' then 'CLEARING'
        when line_kind = 'rounding' then 'ROUNDING'
        when document_type = 'credit_note' and side = 'sales' then 'REVENUE'
        when document_type = 'credit_note' and goes_back_to_supplier
            and purchase_line_role in ('inventory', 'landed_cost') then 'INVENTORY'
        when document_type = 'credit_note' then 'EXPENSE'
        when document_type = 'invoice' and (
            line_kind in ('task', 'product', 'billable_purchase', 'discount', 'delivery')
            or coalesce(source_line_amount, unit_amount) < 0
        ) then 'REVENUE'
        when document_type = 'purchase' and (
            is_attributed_to_stock_order or (line_kind = 'landed_cost' and purchase_method = 'stock')
        ) then 'INVENTORY'
        when purchase_method = 'project' then 'EXPENSE'
        when document_type = 'purchase' and stock_tracking_type = 'NonStock' then 'EXPENSE'
        when document_type = 'purchase' and stock_tracking_type in ('FIFO', 'Serial', 'Batch') then 'INVENTORY'
        else 'UNRESOLVED'
    end as role
from every
inner join docs using (tenant_id, source_system, document_type, document_id);

create or replace temp table offers as
with every as (
    select * from intermediate.int_workguru__outgoing_candidates
    union all by name select * from intermediate.int_prospect__outgoing_candidates
    union all by name select * from intermediate.int_unleashed__outgoing_candidates
),
stated as (
    select *, nullif(trim(value), '') as v, coalesce(side_of_override, 'any') as of_side from every
    where attribute in ('account', 'tax')
)
select tenant_id, source_system, document_type, document_id, line_id,
    {% for level, name in [('line', 'line'), ('item_override', 'item'), ('job', 'job'), ('contact', 'contact')] %}
    min(v) filter (attribute = 'account' and level = '{{ level }}' and of_side <> 'cost') as {{ name }}_sales,
    min(v) filter (attribute = 'account' and level = '{{ level }}' and of_side <> 'sales') as {{ name }}_cost,
    min(v) filter (attribute = 'account' and level = '{{ level }}') as {{ name }}_code,
    min(v) filter (attribute = 'tax' and level = '{{ level }}') as {{ name }}_tax,
    arg_min(value_kind = 'source_tax_code', v) filter (attribute = 'tax' and level = '{{ level }}') as {{ name }}_mapped,
    {% endfor %}
    min(v) filter (attribute = 'tax' and level = 'transaction') as transaction_tax,
    arg_min(value_kind = 'source_tax_code', v) filter (attribute = 'tax' and level = 'transaction') as transaction_mapped
from stated group by all;

create or replace temp table accounted as
with offered as (
    select lines.*, of_line.* exclude (tenant_id, source_system, document_type, document_id, line_id),
        {% for name in ['item', 'job', 'contact'] %}
        least(of_line.{{ name }}_sales, of_doc.{{ name }}_sales) as any_{{ name }}_sales,
        least(of_line.{{ name }}_cost, of_doc.{{ name }}_cost) as any_{{ name }}_cost,
        {% endfor %}
        least(of_line.line_code, of_doc.line_code) as any_line_code,
        of_doc.contact_tax as doc_contact_tax, of_doc.contact_mapped as doc_contact_mapped,
        of_doc.transaction_tax as doc_transaction_tax, of_doc.transaction_mapped as doc_transaction_mapped
    from lines
    left join offers as of_line using (tenant_id, source_system, document_type, document_id, line_id)
    left join offers as of_doc
        on lines.tenant_id = of_doc.tenant_id and lines.source_system = of_doc.source_system
        and lines.document_type = of_doc.document_type and lines.document_id = of_doc.document_id
        and of_doc.line_id is null
),
levelled as (
    select *,
        case when role = 'REVENUE' then any_item_sales when role = 'EXPENSE' then any_item_cost end as item_account,
        case
            when not has_contact_level or line_kind = 'delivery' then null
            when role = 'REVENUE' then any_job_sales when role = 'EXPENSE' then any_job_cost
        end as job_account,
        case
            when not has_contact_level or line_kind = 'delivery' then null
            when role = 'REVENUE'
                then coalesce(any_contact_sales, case side when 'sales' then nullif(trim(sales_account_code), '') end)
            when role = 'EXPENSE'
                then coalesce(
                    any_contact_cost, case side when 'purchases' then nullif(trim(purchases_account_code), '') end
                )
        end as contact_account
    from offered
),
own as (
    select levelled.* exclude (item_account, job_account, contact_account),
        case
            when role = 'TEXT' then null
            when any_line_code is not null then 'line'
            when item_account is not null then 'item_override'
            when job_account is not null then 'job'
            when contact_account is not null then 'contact'
            when defaults.stated_code is not null then 'org_default'
        end as own_level,
        case
            when role <> 'TEXT' then coalesce(any_line_code, item_account, job_account, contact_account, defaults.stated_code)
        end as own_code,
        defaults.account_id as default_account_id
    from levelled
    left join (
        select tenant_id, role as of_role, stated_code, account_id
        from intermediate.int_gl_defaults_bound where role <> 'delivery' and stated_code is not null
        union all by name
        select tenant_id, 'delivery' as of_role, arg_min(stated_code, role) as stated_code, arg_min(account_id, role) as account_id
        from intermediate.int_gl_defaults_bound where role in ('delivery', 'revenue') and stated_code is not null group by all
    ) as defaults
        on levelled.tenant_id = defaults.tenant_id
        and defaults.of_role = case when role = 'REVENUE' and line_kind = 'delivery' then 'delivery' else lower(role) end
),
bound as (
    select own.*, case own_level when 'org_default' then default_account_id else codes.account_id end as own_account_id
    from own
    left join intermediate.int_account_codes_bound as codes
        on own.tenant_id = codes.tenant_id and own.own_code = codes.stated_code
),
credited as (
    select bound.*,
        (bound.role = 'REVENUE' and bound.document_type = 'credit_note' and bound.own_level is distinct from 'line'
        and origin.own_level is not null) as is_credit,
        origin.own_account_id as credited_account_id
    from bound
    left join (from bound where document_type = 'invoice') as origin
        on bound.tenant_id = origin.tenant_id and bound.source_system = origin.source_system
        and bound.credited_document_id = origin.document_id
        and case bound.document_type when 'credit_note' then bound.credited_line_id end = origin.line_id
)
select credited.*,
    case when is_credit then 'transaction' else own_level end as account_level,
    case when is_credit then credited_account_id else own_account_id end as account_id,
    checked.account_code, checked.account_class, accounts.tax_type as account_tax_type,
    case
        when credited.role = 'TEXT' then null
        when credited.role = 'UNRESOLVED' or own_level is null then 'blocked'
        when case when is_credit then credited_account_id else own_account_id end is null then 'unknown'
        when checked.has_payments_off and checked.needs_payments_enabled then 'blocked'
        else coalesce(checked.account_status, 'blocked')
    end as account_status
from credited
left join intermediate.int_account_roles_checked as checked
    on credited.tenant_id = checked.tenant_id and credited.role = checked.role
    and checked.account_id = case when is_credit then credited_account_id else own_account_id end
left join staging.stg_xero__accounts as accounts
    on checked.tenant_id = accounts.tenant_id and checked.account_id = accounts.account_id;

create or replace temp table taxed as
with stated as (
    select accounted.*,
        case
            when accounted.role not in ('REVENUE', 'EXPENSE', 'INVENTORY') or not is_tax_registered then null
            when line_tax is not null then {'level': 'line', 'tax': line_tax, 'mapped': line_mapped}
            when coalesce(transaction_tax, doc_transaction_tax) is not null
                then {'level': 'transaction', 'tax': coalesce(transaction_tax, doc_transaction_tax),
                    'mapped': coalesce(transaction_mapped, doc_transaction_mapped)}
            when nullif(case side when 'sales' then accounts_receivable_tax_type else accounts_payable_tax_type end, '') is not null
                then {'level': 'contact', 'mapped': false,
                    'tax': case side when 'sales' then accounts_receivable_tax_type else accounts_payable_tax_type end}
            when coalesce(contact_tax, doc_contact_tax) is not null
                then {'level': 'contact', 'tax': coalesce(contact_tax, doc_contact_tax),
                    'mapped': coalesce(contact_mapped, doc_contact_mapped)}
            when item_tax is not null then {'level': 'item_override', 'tax': item_tax, 'mapped': item_mapped}
            when nullif(case side when 'sales' then items.sales_tax_type else items.purchase_tax_type end, '') is not null
                then {'level': 'item_override', 'mapped': false,
                    'tax': case side when 'sales' then items.sales_tax_type else items.purchase_tax_type end}
            when nullif(account_tax_type, '') is not null
                then {'level': 'account', 'tax': account_tax_type, 'mapped': false}
            when defaults.tax_type is not null then {'level': 'org_default', 'tax': defaults.tax_type, 'mapped': false}
        end as stated
    from accounted
    left join (from staging.stg_xero__items where not is_deleted) as items
        on accounted.tenant_id = items.tenant_id and accounted.item_code = items.item_code
    left join intermediate.int_gl_defaults_bound as defaults
        on accounted.tenant_id = defaults.tenant_id
        and defaults.role = case side when 'sales' then 'revenue' else 'expense' end
),
mappings as (
    select orgs.tenant_id, lower(trim(source_system)) as source_system, lower(trim(source_tax_code)) as code, side,
        arg_min(trim(xero_tax_type), (mappings.tenant_id = '*', first_seen_at)) as tax_type
    from intermediate.int_organisation_limits_read as orgs
    inner join staging.stg_settings__tax_mappings as mappings on mappings.tenant_id in (orgs.tenant_id, '*')
    where not mappings.is_deleted group by all
),
typed as (
    select stated.*, stated.stated.level as stated_level,
        case when stated.stated.mapped then mappings.tax_type else stated.stated.tax end as stated_type
    from stated
    left join mappings
        on stated.tenant_id = mappings.tenant_id and stated.source_system = mappings.source_system
        and lower(stated.stated.tax) = mappings.code and stated.side = mappings.side
),
rated as (
    select typed.*, rates.effective_rate,
        case
            when typed.role in ('TEXT', 'CLEARING', 'UNRESOLVED') then null
            when not is_tax_registered or typed.role = 'ROUNDING' then no_tax
            else stated_type
        end as tax_type,
        case
            when typed.role in ('TEXT', 'CLEARING', 'UNRESOLVED') then null
            when not is_tax_registered
                then case when side = 'sales' and coalesce(source_tax_amount, 0) <> 0 then 'blocked' else 'ok' end
            when typed.role = 'ROUNDING' then 'ok'
            when stated_type is null then 'blocked'
            when rates.tax_type is null then 'unknown'
            when rates.is_deleted or rates.tax_rate_status <> 'ACTIVE' then 'archived'
            when side = 'sales' and not coalesce(can_apply_to_revenue, false) and (
                report_tax_type like '%INPUT%' or report_tax_type like '%IMPORT%' or report_tax_type like '%CAPITAL%'
                or report_tax_type = 'REVERSECHARGES'
            ) then 'blocked'
            when side = 'purchases' and not coalesce(can_apply_to_expenses, false)
                and (report_tax_type like '%OUTPUT%' or report_tax_type in ('MOSSSALES', 'EXEMPTEXPORT')) then 'blocked'
            when not coalesce(
                case account_class
                    when 'ASSET' then can_apply_to_assets when 'EQUITY' then can_apply_to_equity
                    when 'EXPENSE' then can_apply_to_expenses when 'LIABILITY' then can_apply_to_liabilities
                    when 'REVENUE' then can_apply_to_revenue
                end,
                account_class is null
            ) then 'blocked'
            else 'ok'
        end as tax_status
    from typed
    left join staging.stg_xero__tax_rates as rates
        on typed.tenant_id = rates.tenant_id and typed.stated_type = rates.tax_type
),
shaped as (
    select *,
        case
            when not is_tax_registered then 'NoTax'
            when upper(line_amount_types) = 'INCLUSIVE' then 'Inclusive'
            when upper(line_amount_types) = 'NOTAX' then 'NoTax' else 'Exclusive'
        end as amount_type,
        cast(case
            when quantity is null or unit_amount is null then source_line_amount
            when coalesce(discount_rate, 0) <> 0
                then round(
                    cast(quantity as decimal(38, 4)) * cast(unit_amount as decimal(38, 4))
                    * (100 - cast(discount_rate as decimal(38, 6))) * cast(0.01 as decimal(3, 2)), 2
                )
            else round(cast(quantity as decimal(38, 4)) * cast(unit_amount as decimal(38, 4)), 2) - coalesce(discount_amount, 0)
        end as decimal(18, 4)) as stated_amount,
        not is_tax_registered and side = 'purchases' and upper(line_amount_types) is distinct from 'INCLUSIVE'
        and coalesce(source_tax_amount, 0) <> 0 as carries_tax
    from rated where role not in ('TEXT', 'CLEARING')
),
sent as (
    select *,
        carries_tax or quantity is null or unit_amount is null
        or (coalesce(discount_amount, 0) <> 0 and (document_type <> 'invoice' or quantity < 0)) as is_one
    from shaped
),
priced as (
    select *,
        case when is_one then case when stated_amount is not null then 1 end else abs(quantity) end as q,
        case
            when is_one then stated_amount + case when carries_tax then source_tax_amount else 0 end
            when coalesce(discount_rate, 0) <> 0 and document_type <> 'invoice'
                then case when quantity < 0 then -1 else 1 end * round(
                    cast(unit_amount as decimal(38, 4)) * (100 - cast(discount_rate as decimal(38, 6)))
                    * cast(0.01 as decimal(3, 2)), 4
                )
            else case when quantity < 0 then -1 else 1 end * unit_amount
        end as u,
        case when document_type = 'invoice' and not is_one then nullif(discount_rate, 0) end as dr,
        case when document_type = 'invoice' and not is_one and coalesce(discount_rate, 0) = 0 then nullif(discount_amount, 0) end as da
    from sent
),
amounted as (
    select *,
        cast(round(
            cast(q as decimal(38, 4)) * cast(u as decimal(38, 4)) * (100 - cast(coalesce(dr, 0) as decimal(38, 6)))
            * cast(0.01 as decimal(3, 2)), 2
        ) - coalesce(da, 0) as decimal(18, 4)) as line_amount
    from priced
)
select tenant_id, source_system, document_type, document_id, line_id, amount_type, q, u, dr, da, line_amount,
    tax_type, stated_level as tax_level, tax_status, quantity < 0 as is_negative,
    cast(case
        when amount_type = 'NoTax' or coalesce(effective_rate, 0) = 0 then 0
        when side = 'purchases' and source_tax_amount is not null then source_tax_amount
        when amount_type = 'Inclusive'
            then line_amount - cast(round(line_amount * 100 / (100 + effective_rate), 2) as decimal(18, 4))
        else round(cast(line_amount as decimal(38, 4)) * cast(effective_rate as decimal(38, 6)) * cast(0.01 as decimal(3, 2)), 2)
    end as decimal(18, 4)) as tax_amount
from amounted;

create or replace temp table tracked as
with every as (
    select * from intermediate.int_workguru__outgoing_candidates
    union all by name select * from intermediate.int_prospect__outgoing_candidates
    union all by name select * from intermediate.int_unleashed__outgoing_candidates
),
chosen as (
    select tenant_id, source_system, document_type, document_id, line_id,
        case level when 'line' then 1 when 'transaction' then 3 when 'job' then 4 when 'contact' then 6 end as level_rank,
        level, nullif(trim(tracking_category), '') as category, nullif(trim(value), '') as option,
        coalesce(is_explicit_none, false) as is_none
    from every where attribute = 'tracking' and level <> 'item_override'
    union all
    select docs.tenant_id, source_system, document_type, document_id, null, 7, 'contact',
        defaults.tracking_category_id, defaults.tracking_option_id, false
    from docs
    inner join intermediate.int_contact_tracking_resolved as defaults
        on docs.tenant_id = defaults.tenant_id and docs.contact_id = defaults.contact_id and docs.side = defaults.side
    where defaults.is_latest and defaults.tracking_option_id is not null
),
known as (
    select chosen.*, found.tracking_category_id, found.category_key, found.tracking_option_id,
        case when is_none then 'none' else found.tracking_option_name end as name, found.status
    from chosen
    inner join intermediate.int_tracking_values_resolved as found
        on chosen.tenant_id = found.tenant_id and coalesce(chosen.category, '') = coalesce(found.stated_category, '')
        and coalesce(chosen.option, '') = coalesce(found.stated_option, '')
    where (chosen.option is not null or (is_none and chosen.category is not null)) and not found.is_category_archived
),
offered as (
    select lines.tenant_id, lines.source_system, lines.document_type, lines.document_id, lines.line_id,
        lines.credited_document_id, lines.credited_line_id,
        known.* exclude (tenant_id, source_system, document_type, document_id, line_id, category, option)
    from lines
    inner join known
        on lines.tenant_id = known.tenant_id and lines.source_system = known.source_system
        and lines.document_type = known.document_type and lines.document_id = known.document_id
        and coalesce(known.line_id, lines.line_id) = lines.line_id
    where lines.role not in ('TEXT', 'ROUNDING', 'CLEARING')
),
per_level as (
    select tenant_id, source_system, document_type, document_id, line_id, category_key, level_rank, any_value(level) as level,
        any_value(tracking_category_id) as tracking_category_id, min(name) <> max(name) as is_conflict, min(name) as name,
        arg_min({'id': tracking_option_id, 'is_none': is_none, 'status': status}, (name, tracking_option_id)) as won
    from offered group by all
),
first_of_each as (
    select * from per_level
    qualify row_number() over (
        partition by tenant_id, source_system, document_type, document_id, line_id, category_key order by level_rank
    ) = 1
),
credit_lines as (
    select * from lines where document_type = 'credit_note' and side = 'sales' and role not in ('TEXT', 'ROUNDING', 'CLEARING')
),
with_credited as (
    from first_of_each
    union all by name
    select credit_lines.tenant_id, credit_lines.source_system, credit_lines.document_type, credit_lines.document_id,
        credit_lines.line_id, origin.category_key, 2 as level_rank, 'transaction' as level, origin.tracking_category_id,
        false as is_conflict, origin.name, origin.won
    from credit_lines
    inner join first_of_each as origin
        on origin.document_type = 'invoice' and credit_lines.tenant_id = origin.tenant_id
        and credit_lines.source_system = origin.source_system
        and credit_lines.credited_document_id = origin.document_id and credit_lines.credited_line_id = origin.line_id
),
winners as (
    select * from with_credited
    qualify row_number() over (
        partition by tenant_id, source_system, document_type, document_id, line_id, category_key order by level_rank
    ) = 1
)
select winners.tenant_id, winners.source_system, winners.document_type, winners.document_id, winners.line_id,
    {% for slot in [2, 3] %}
    max(won.id) filter (analysis_slot = {{ slot }} and not won.is_none) as tracking_option_id_{{ slot }},
    max(level) filter (analysis_slot = {{ slot }}) as tracking_level_{{ slot }},
    max(case when is_conflict then 'blocked' else won.status end)
        filter (analysis_slot = {{ slot }} and not won.is_none) as tracking_status_{{ slot }},
    {% endfor %}
    bool_or(is_conflict or won.status <> 'ok' or (analysis_slot is null and winners.tracking_category_id is not null and not won.is_none))
    or count(*) filter (not won.is_none) > 2 as has_finding,
    list(winners.tracking_category_id) filter (not won.is_none) as categories
from winners
left join intermediate.int_tracking_slots_bound as slots
    on winners.tenant_id = slots.tenant_id and winners.tracking_category_id = slots.tracking_category_id
group by all;

create or replace table {{ result }} as
with totals as (
    select docs.tenant_id, docs.source_system, docs.document_type, docs.document_id, any_value(docs.side) as side,
        any_value(docs.to_send) as to_send, any_value(no_tax) as no_tax,
        sum(line_amount + case when amount_type = 'Inclusive' then 0 else tax_amount end) as xero_total,
        any_value(source_total) - xero_total as difference,
        count(*) filter (line_amount is null or tax_status is distinct from 'ok') as open_lines
    from docs inner join taxed using (tenant_id, source_system, document_type, document_id)
    group by docs.tenant_id, docs.source_system, docs.document_type, docs.document_id
),
roundings as (
    from totals where open_lines = 0 and difference <> 0 and abs(difference) <= 0.05
),
missing as (
    select lines.tenant_id, lines.source_system, lines.document_type, lines.document_id, lines.line_id
    from lines
    inner join intermediate.int_tracking_requirements_set as asked
        on lines.tenant_id = asked.tenant_id and lines.document_type = asked.document_type and asked.is_mandatory
    left join tracked
        on lines.tenant_id = tracked.tenant_id and lines.source_system = tracked.source_system
        and lines.document_type = tracked.document_type and lines.document_id = tracked.document_id
        and lines.line_id = tracked.line_id
    where lines.role not in ('TEXT', 'ROUNDING', 'CLEARING')
        and not coalesce(list_contains(tracked.categories, asked.tracking_category_id), false)
    group by all
),
items as (
    select items.*, coalesce(items.is_tracked_as_inventory, false) as is_tracked from staging.stg_xero__items as items
    where not is_deleted
)
select accounted.tenant_id, accounted.source_system, accounted.document_type, accounted.document_id, accounted.line_id,
    accounted.role, accounted.item_code, items.item_id, taxed.q as quantity, taxed.u as unit_amount, taxed.dr as discount_rate,
    taxed.da as discount_amount, taxed.line_amount, taxed.tax_amount, accounted.account_id, accounted.account_code,
    accounted.account_level, accounted.account_status, taxed.tax_type, taxed.tax_level, taxed.tax_status,
    tracking_option_id_2, tracking_level_2, tracking_status_2, tracking_option_id_3, tracking_level_3, tracking_status_3,
    accounted.to_send and (
        coalesce(accounted.account_status not in ('ok') and accounted.role <> 'CLEARING', false)
        or coalesce(taxed.tax_status <> 'ok', false)
        or coalesce(tracked.has_finding, false)
        or missing.line_id is not null
        or coalesce(items.is_tracked and accounted.source_system = 'workguru', false)
        or coalesce(taxed.is_negative and totals.xero_total < 0, false)
        or (accounted.role not in ('TEXT', 'CLEARING') and source_line_amount is null and (quantity is null or unit_amount is null))
    ) as is_blocked
from accounted
left join taxed using (tenant_id, source_system, document_type, document_id, line_id)
left join tracked using (tenant_id, source_system, document_type, document_id, line_id)
left join missing using (tenant_id, source_system, document_type, document_id, line_id)
left join totals using (tenant_id, source_system, document_type, document_id)
left join items
    on accounted.tenant_id = items.tenant_id and trim(accounted.item_code) = items.item_code
    and accounted.role not in ('TEXT', 'CLEARING')
union all by name
select roundings.tenant_id, source_system, document_type, document_id, 'rounding' as line_id, 'ROUNDING' as role,
    1 as quantity, difference as unit_amount, difference as line_amount, 0 as tax_amount, checked.account_id,
    checked.account_code, 'org_default' as account_level, coalesce(checked.account_status, 'blocked') as account_status,
    no_tax as tax_type, 'ok' as tax_status, to_send and coalesce(checked.account_status, 'blocked') <> 'ok' as is_blocked
from roundings
left join intermediate.int_gl_defaults_bound as defaults
    on roundings.tenant_id = defaults.tenant_id and defaults.role = 'rounding'
left join intermediate.int_account_roles_checked as checked
    on defaults.tenant_id = checked.tenant_id and defaults.account_id = checked.account_id and checked.role = 'ROUNDING';
