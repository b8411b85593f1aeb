{#
    Whether a number that a source states is the one that Xero holds in three parts: however it is divided
    and spaced, and without the noughts that only a call at home needs.
#}
{% macro is_same_phone(stated, held) -%}
    {%- set ways = [] -%}
    {%- for parts in [
        ['phone_country_code', 'phone_area_code', 'phone_number'], ['phone_area_code', 'phone_number'], ['phone_number'],
    ] -%}
        {%- set digits = [] -%}
        {%- for part in parts -%}
            {%- do digits.append(without_leading_zeros("coalesce(" ~ digits_of(held ~ '.' ~ part) ~ ", '')")) -%}
        {%- endfor -%}
        {%- do ways.append(without_leading_zeros(digits | join(' || '))) -%}
    {%- endfor -%}
    {{ without_leading_zeros(digits_of("replace(" ~ stated ~ ", '(0)', '')")) }} in ({{ ways | join(', ') }})
{%- endmacro %}

{#
    Xero's Phones with the number of a contact, as it is `sent` or `held`; null where the source has none.
    The whole number is one value: where it is another, what was kept apart of the former one goes. Names
    columns phone_number, is_same_phone and the parts as held_…
#}
{% macro contact_phones(side) -%}
    {%- set members = {'PhoneType': "'\"DEFAULT\"'"} -%}
    {%- for name, part in {
        'PhoneNumber': 'phone_number', 'PhoneAreaCode': 'phone_area_code', 'PhoneCountryCode': 'phone_country_code',
    }.items() -%}
        {%- set held = json_string('held_' ~ part) -%}
        {%- set other = json_string(part) if part == 'phone_number' else held_member('held_' ~ part, "'\"\"'") -%}
        {%- set sent = 'case when is_same_phone then ' ~ held ~ ' else ' ~ other ~ ' end' -%}
        {%- do members.update({name: sent if side == 'sent' else held}) -%}
    {%- endfor -%}
    {{ return('case when phone_number is not null then ' ~ json_list_of([json_object_of(members)]) ~ ' end') }}
{%- endmacro %}

{# Xero's Addresses with the postal one; null where the source says nothing of it. Names columns sent_… and held_… #}
{% macro contact_addresses(side) -%}
    {%- set members = {'AddressType': "'\"POBOX\"'"} -%}
    {%- for name, column in contact_address_columns().items() -%}
        {%- do members.update({name: json_string(side ~ '_' ~ column)}) -%}
    {%- endfor -%}
    {{ return('case when has_address then ' ~ json_list_of([json_object_of(members)]) ~ ' end') }}
{%- endmacro %}

{# The address as the source alone states it; null for none. #}
{% macro contact_address_stated() -%}
    {%- set members = {} -%}
    {%- for name, column in contact_address_columns().items() -%}
        {%- do members.update({name: json_string(column)}) -%}
    {%- endfor -%}
    {{ return("nullif(" ~ json_object_of(members) ~ ", '{}')") }}
{%- endmacro %}
