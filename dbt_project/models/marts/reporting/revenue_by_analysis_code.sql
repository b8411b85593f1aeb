{{ totals_by_analysis_code(ref('int_income_lines_posted'), ['income_kind']) }}
