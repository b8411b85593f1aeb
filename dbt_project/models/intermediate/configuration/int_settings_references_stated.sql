{#-
    Everything in the settings files that names something in Xero: one row per settings row and column.
    Where both an id and a name stand in a row, the id counts. `named_at` is from when on the name
    counts; null where a name borne at any time does. Files that name nothing but their organisation are
    here with that.
-#}
{%- set references = [
    ('gl_defaults', 'account_code', 'account_code', none, none, 'first_seen_at'),
    ('gl_defaults', 'tax_type', 'tax_type', none, none, none),
    ('tax_mappings', 'xero_tax_type', 'tax_type', none, none, none),
    ('analysis_slots', 'tracking_category_id', 'category_id', none, none, none),
    ('analysis_slots', 'tracking_category_name', 'category_name', 'tracking_category_id', none, 'first_seen_at'),
    ('tracking_relevance', 'tracking_category_id', 'category_id', none, none, none),
    ('tracking_relevance', 'tracking_category_name', 'category_name', 'tracking_category_id', none, 'first_seen_at'),
    ('tracking_relevance', 'tracking_option_id', 'option_id', none, true, none),
    ('tracking_relevance', 'tracking_option_name', 'option_name', 'tracking_option_id', true, 'first_seen_at'),
    ('tracking_mandatory', 'tracking_category_id', 'category_id', none, none, none),
    ('tracking_mandatory', 'tracking_category_name', 'category_name', 'tracking_category_id', none, 'first_seen_at'),
    ('tracking_remap', 'tracking_option_id', 'option_id', none, none, none),
    ('tracking_remap', 'use_option_id', 'option_id', none, none, none),
    ('template_contacts', 'contact_id', 'contact_id', none, none, none),
    ('template_contacts', 'contact_name', 'contact_name', 'contact_id', none, 'first_seen_at'),
    ('analysis_code_map', 'account_id', 'account_id', none, none, none),
    ('analysis_code_map', 'account_code', 'account_code', 'account_id', none, none),
    ('reconciliation_causes', 'account_id', 'account_id', none, none, none),
    ('reconciliation_causes', 'account_code', 'account_code', 'account_id', none, none),
    ('account_eligibility', 'tenant_id', 'organisation', none, none, none),
    ('coding_policy', 'tenant_id', 'organisation', none, none, none),
    ('target_codes', 'tenant_id', 'organisation', none, none, none),
    ('push_policy', 'tenant_id', 'organisation', none, none, none),
] -%}

{% for file, column, kind, goes_before, is_in_category, named_at in references -%}
select
    tenant_id,
    '{{ file }}' as settings_file,
    record_id,
    '{{ column }}' as column_name,
    '{{ kind }}' as kind,
    trim({{ column }}) as value,
    {{
        "lower(trim(coalesce(tracking_category_id, tracking_category_name)))" if is_in_category
        else 'cast(null as ' ~ dbt.type_string() ~ ')'
    }} as within,
    {{ named_at if named_at else 'cast(null as timestamp)' }} as named_at
from {{ ref('stg_settings__' ~ file) }}
where
    not is_deleted
    and nullif(trim({{ column }}), '') is not null
    {{ 'and ' ~ goes_before ~ ' is null' if goes_before }}
    {{ "and tenant_id <> '*'" if kind == 'organisation' }}
{{ 'union all' if not loop.last }}
{% endfor %}
