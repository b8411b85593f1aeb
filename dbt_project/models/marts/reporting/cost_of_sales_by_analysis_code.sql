{{ totals_by_analysis_code(ref('int_cost_lines_posted')) }}
union all
select * from {{ ref('int_inventory_cost_found') }}
