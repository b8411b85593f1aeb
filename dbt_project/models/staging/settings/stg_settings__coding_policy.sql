{{
    settings_rows(
        'coding_policy',
        {
            'policy': 'string',
            'value': 'string',
        },
    )
}}
