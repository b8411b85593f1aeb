{{ totals_by_tracking_option(ref('int_income_lines_posted'), ['income_kind']) }}
