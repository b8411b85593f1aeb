{#-
    The tax codes that the source systems use against tax_mappings.csv, and the tax types that the
    settings name against the rates in Xero. A tax type that Xero has not is in
    int_settings_references_unknown.
-#}
with lines as (

    select * from {{ ref('int_outgoing_lines_roled') }}
    where role in ('REVENUE', 'EXPENSE', 'INVENTORY')

),

of_source as (

    select * from {{ ref('int_outgoing_candidates') }}
    where attribute = 'tax' and value_kind = 'source_tax_code' and nullif(trim(value), '') is not null

),

mappings as (

    select
        tenant_id,
        record_id,
        lower(trim(source_system)) as source_system,
        lower(trim(source_tax_code)) as source_tax_code,
        side
    from {{ ref('stg_settings__tax_mappings') }}
    where not is_deleted

),

registered as (

    select * from {{ ref('int_organisation_limits_read') }}
    where is_tax_registered

),

used as (

    select
        lines.tenant_id,
        lines.source_system,
        lines.side,
        trim(of_source.value) as source_tax_code,
        cast(count(distinct lines.document_type || lines.document_id || '/' || lines.line_id) as bigint) as line_count
    from lines
    inner join of_source
        on
            lines.line_id = coalesce(of_source.line_id, lines.line_id)
            and {{ same_key('lines', 'of_source', outgoing_document_key()) }}
    inner join registered
        on lines.tenant_id = registered.tenant_id
    group by lines.tenant_id, lines.source_system, lines.side, trim(of_source.value)

),

unmapped as (

    select used.*
    from used
    left join mappings
        on
            mappings.tenant_id in (used.tenant_id, '*')
            and used.source_system = mappings.source_system
            and lower(used.source_tax_code) = mappings.source_tax_code
            and used.side = mappings.side
    where mappings.record_id is null

),

rates as (

    select * from {{ ref('stg_xero__tax_rates') }}
    where is_deleted or tax_rate_status <> 'ACTIVE'

),

stated as (

    select * from {{ ref('int_settings_references_stated') }}
    where kind = 'tax_type'

),

final as (

    select
        tenant_id,
        'tax_mappings' as settings_file,
        source_system || '|' || source_tax_code || '|' || side as record_id,
        {{ system_name('source_system') }} || ', tax code ' || source_tax_code as record_label,
        'block' as severity,
        {{
            configuration_finding(
                'TAX_UNMAPPED',
                {
                    'system': system_name('source_system'),
                    'tax': 'source_tax_code',
                    'lines': "case line_count when 1 then '1 line' else cast(line_count as "
                        ~ dbt.type_string() ~ ") || ' lines' end",
                    'side': 'side',
                },
            )
        }}
    from unmapped
    union all
    select
        rates.tenant_id,
        stated.settings_file,
        stated.record_id,
        'Tax ' || rates.tax_type as record_label,
        'block' as severity,
        {{
            configuration_finding(
                'TAX_INACTIVE',
                {
                    'file': 'stated.settings_file',
                    'tax': 'rates.tax_type',
                    'row': 'stated.record_id',
                    'status': "case when rates.is_deleted then 'deleted' else lower(rates.tax_rate_status) end",
                },
            )
        }}
    from rates
    inner join stated
        on
            stated.tenant_id in (rates.tenant_id, '*')
            and rates.tax_type = stated.value

)

select * from final
