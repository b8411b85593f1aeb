{{ totals_by_tracking_option(ref('int_cost_lines_posted')) }}
