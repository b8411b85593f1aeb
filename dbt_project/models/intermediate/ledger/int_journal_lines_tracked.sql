with lines as (

    select * from {{ ref('int_journal_lines_posted') }}

),

slots as (

    {{ slot_categories() }}

),

tracking_options as (

    select * from {{ ref('stg_xero__tracking_options') }}

),

accounts as (

    select * from {{ ref('int_accounts_classified') }}

),

organisations as (

    select * from {{ ref('stg_xero__organisations') }}

),

documents as (

    select * from {{ ref('int_documents_unified') }}

),

slotted as (

    select
        {% for slot in [2, 3] %}
        {{ in_slot(slot, 'option_id') }} as option_id_{{ slot }},
        {% endfor %}
        lines.*
    from lines
    left join slots
        on lines.tenant_id = slots.tenant_id

),

final as (

    select
        slotted.tenant_id,
        slotted.source_type,
        slotted.source_id,
        slotted.posting_id,
        slotted.posting_date,
        slotted.account_id,
        accounts.account_code,
        accounts.account_name,
        accounts.account_class,
        accounts.account_type,
        documents.contact_id,
        coalesce(slotted.description, documents.document_label) as description,
        organisations.base_currency as currency_code,
        slotted.net_amount_base as net_amount,
        slotted.net_amount_base,
        {% for slot in [2, 3] %}
        slotted.option_id_{{ slot }} as tracking_option_id_{{ slot }},
        options_{{ slot }}.tracking_option_name as tracking_option_{{ slot }},
        {% endfor %}
        'journal' as basis
    from slotted
    inner join organisations
        on slotted.tenant_id = organisations.tenant_id
    left join accounts
        on
            slotted.tenant_id = accounts.tenant_id
            and slotted.account_id = accounts.account_id
    left join documents
        on
            slotted.tenant_id = documents.tenant_id
            and slotted.source_id = documents.document_id
    {% for slot in [2, 3] %}
    left join tracking_options as options_{{ slot }}
        on
            slotted.tenant_id = options_{{ slot }}.tenant_id
            and slotted.option_id_{{ slot }} = options_{{ slot }}.tracking_option_id
    {% endfor %}

)

select * from final
