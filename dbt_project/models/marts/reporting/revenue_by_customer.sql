{{ totals_by_contact(ref('int_income_lines_posted'), ['income_kind']) }}
