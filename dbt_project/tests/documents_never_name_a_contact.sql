-- A document sent to a name would rename a contact, or make another in silence: only ids go out.
{%- for entity in ['invoices', 'bills', 'credit_notes'] %}
select
    tenant_id,
    record_key,
    payload
from {{ ref('push_xero__' ~ entity) }}
where
    {{ json_text('payload', "'$.Contact.Name'") }} is not null
    or (
        not {{ is_stopped('findings') }}
        and {{ json_text('payload', "'$.Contact.ContactID'") }} is null
    )
{{ 'union all' if not loop.last }}
{%- endfor %}
