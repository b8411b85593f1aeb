{{ config(materialized='table') }}

{#-
    The phone and the postal address of each contact that has either: Xero's types DEFAULT and POBOX,
    which an order or an invoice is sent by. A blank is null.
-#}
{%- set phone = {
    'phone_number': 'PhoneNumber',
    'phone_area_code': 'PhoneAreaCode',
    'phone_country_code': 'PhoneCountryCode',
} -%}
{%- set address = {} -%}
{%- for theirs, ours in contact_address_columns().items() -%}
    {%- do address.update({ours: theirs}) -%}
{%- endfor -%}
{%- set shape = {'Phones': [{'PhoneType': 'string'}], 'Addresses': [{'AddressType': 'string'}]} -%}
{%- for theirs in phone.values() -%}{%- do shape['Phones'][0].update({theirs: 'string'}) -%}{%- endfor -%}
{%- for theirs in address.values() -%}{%- do shape['Addresses'][0].update({theirs: 'string'}) -%}{%- endfor -%}

with contacts as (

    {{ latest_versions(source('raw_xero', 'contacts')) }}

),

parsed as (

    select
        tenant_id,
        record_id as contact_id,
        {{ parse_text('payload', shape) }} as fields
    from contacts

),

lists as (

    select
        tenant_id,
        contact_id,
        fields.Phones as phones,
        fields.Addresses as addresses
    from parsed

),

phones as (

    select
        tenant_id,
        contact_id,
        {%- for ours, theirs in phone.items() %}
        max(nullif(trim(phone.{{ theirs }}), '')) as {{ ours }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ explode_with_position('lists', 'phones', 'phone') }} as exploded
    where phone.PhoneType = 'DEFAULT'
    group by tenant_id, contact_id

),

addresses as (

    select
        tenant_id,
        contact_id,
        {%- for ours, theirs in address.items() %}
        max(nullif(trim(address.{{ theirs }}), '')) as {{ ours }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ explode_with_position('lists', 'addresses', 'address') }} as exploded
    where address.AddressType = 'POBOX'
    group by tenant_id, contact_id

),

final as (

    select
        contacts.tenant_id,
        contacts.record_id as contact_id,
        {%- for ours in phone %}
        phones.{{ ours }},
        {%- endfor %}
        {%- for ours in address %}
        addresses.{{ ours }}{{ ',' if not loop.last }}
        {%- endfor %}
    from contacts
    left join phones
        on
            contacts.tenant_id = phones.tenant_id
            and contacts.record_id = phones.contact_id
    left join addresses
        on
            contacts.tenant_id = addresses.tenant_id
            and contacts.record_id = addresses.contact_id
    where phones.contact_id is not null or addresses.contact_id is not null

)

select * from final
