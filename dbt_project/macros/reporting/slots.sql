{# One row per tenant with the tracking category of each analysis slot, so that a join cannot multiply lines. #}
{% macro slot_categories() -%}
select
    tenant_id,
    max(case when analysis_slot = 2 then tracking_category_id end) as category_id_2,
    max(case when analysis_slot = 3 then tracking_category_id end) as category_id_3
from {{ ref('int_tracking_slots_bound') }}
group by tenant_id
{%- endmacro %}

{#
    What a row of `lines` has in a slot of its row of `slots` (`slot_categories`): `what` is option_id or option_name.
    By the category's id; its position on the line means nothing.
-#}
{% macro in_slot(slot, what) -%}
case slots.category_id_{{ slot }}
    when lines.tracking_category_id_1 then lines.tracking_{{ what }}_1
    when lines.tracking_category_id_2 then lines.tracking_{{ what }}_2
end
{%- endmacro %}
