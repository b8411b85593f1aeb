{{
    settings_rows(
        'analysis_code_map',
        {
            'account_id': 'string',
            'account_code': 'string',
            'valid_from': 'date',
            'valid_to': 'date',
            'report_as_code': 'string',
        },
    )
}}
