{{
    settings_rows(
        'template_contacts',
        {
            'contact_id': 'string',
            'contact_name': 'string',
        },
    )
}}
