{{
    settings_rows(
        'analysis_slots',
        {
            'analysis_slot': 'bigint',
            'tracking_category_id': 'string',
            'tracking_category_name': 'string',
        },
        first_seen='content',
    )
}}
