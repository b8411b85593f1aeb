{{
    settings_rows(
        'tracking_mandatory',
        {
            'document_type': 'string',
            'tracking_category_id': 'string',
            'tracking_category_name': 'string',
            'is_mandatory': 'boolean',
        },
    )
}}
