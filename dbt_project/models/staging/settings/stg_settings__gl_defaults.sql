{{
    settings_rows(
        'gl_defaults',
        {
            'role': 'string',
            'account_code': 'string',
            'tax_type': 'string',
        },
        first_seen='content',
    )
}}
