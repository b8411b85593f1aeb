{{
    settings_rows(
        'tracking_remap',
        {
            'tracking_option_id': 'string',
            'use_option_id': 'string',
        },
    )
}}
