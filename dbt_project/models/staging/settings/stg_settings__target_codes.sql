{{
    settings_rows(
        'target_codes',
        {
            'target': 'string',
            'field': 'string',
            'value': 'string',
            'write_as': 'string',
        },
    )
}}
