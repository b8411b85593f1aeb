{{
    settings_rows(
        'tracking_relevance',
        {
            'tracking_category_id': 'string',
            'tracking_category_name': 'string',
            'tracking_option_id': 'string',
            'tracking_option_name': 'string',
            'is_relevant': 'boolean',
        },
    )
}}
