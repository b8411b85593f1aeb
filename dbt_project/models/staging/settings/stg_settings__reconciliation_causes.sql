{{
    settings_rows(
        'reconciliation_causes',
        {
            'cause': 'string',
            'account_id': 'string',
            'account_code': 'string',
        },
    )
}}
