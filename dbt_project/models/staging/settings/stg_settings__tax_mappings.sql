{{
    settings_rows(
        'tax_mappings',
        {
            'source_system': 'string',
            'source_tax_code': 'string',
            'side': 'string',
            'xero_tax_type': 'string',
        },
    )
}}
