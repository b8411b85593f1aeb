{{
    settings_rows(
        'push_policy',
        {
            'target': 'string',
            'entity': 'string',
            'operation': 'string',
            'mode': 'string',
            'max_records': 'bigint',
            'max_share': 'decimal(18,6)',
        },
    )
}}
