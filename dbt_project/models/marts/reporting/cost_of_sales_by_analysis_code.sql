{{ totals_by_analysis_code(ref('int_cost_lines_posted')) }}
