{{
    settings_rows(
        'account_eligibility',
        {
            'role': 'string',
            'account_class': 'string',
            'account_type': 'string',
            'needs_payments_enabled': 'boolean',
            'is_allowed': 'boolean',
        },
    )
}}
