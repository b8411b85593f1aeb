{{ totals_by_contact(ref('int_cost_lines_posted')) }}
