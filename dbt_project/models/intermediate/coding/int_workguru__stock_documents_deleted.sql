{#- The stock adjustments and stock takes that WorkGuru no longer has. -#}
{%- for document_type, model in [('adjustment', 'stock_adjustments'), ('stock_take', 'stock_takes')] %}
select
    tenant_id,
    '{{ document_type }}' as document_type,
    document_id
from {{ ref('stg_workguru__' ~ model) }}
where is_deleted
{{ 'union all' if not loop.last }}
{%- endfor %}
