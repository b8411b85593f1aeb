{#-
    Slots, relevance, requirements and remaps of the settings against the tracking categories in Xero.
-#}
with categories as (

    select
        tenant_id,
        tracking_category_id,
        tracking_category_name,
        category_status = 'ACTIVE' and not is_deleted as is_active
    from {{ ref('stg_xero__tracking_categories') }}

),

slots as (

    select * from {{ ref('int_tracking_slots_bound') }}

),

options as (

    select * from {{ ref('int_tracking_options_offered') }}

),

settings as (

    select * from {{ ref('int_tracking_settings_bound') }}
    where is_set

),

required as (

    select
        settings.tenant_id,
        settings.tracking_category_id,
        settings.document_type
    from settings
    left join options
        on
            settings.tenant_id = options.tenant_id
            and settings.tracking_category_id = options.tracking_category_id
            and options.is_offered
    where settings.setting = 'mandatory' and options.tracking_option_id is null

),

remaps as (

    select
        options.tenant_id,
        remaps.record_id,
        options.tracking_option_name
    from {{ ref('stg_settings__tracking_remap') }} as remaps
    inner join options
        on
            remaps.tenant_id in (options.tenant_id, '*')
            and remaps.use_option_id = options.tracking_option_id
    where not remaps.is_deleted and not options.is_option_active

),

final as (

    select
        categories.tenant_id,
        'analysis_slots' as settings_file,
        categories.tracking_category_id as record_id,
        categories.tracking_category_name as record_label,
        'warn' as severity,
        {{ configuration_finding('SLOT_MISSING', {'category': 'categories.tracking_category_name'}) }}
    from categories
    left join slots
        on
            categories.tenant_id = slots.tenant_id
            and categories.tracking_category_id = slots.tracking_category_id
    where categories.is_active and slots.tracking_category_id is null
    union all
    select
        slots.tenant_id,
        'analysis_slots' as settings_file,
        categories.tracking_category_id as record_id,
        categories.tracking_category_name as record_label,
        'warn' as severity,
        {{
            configuration_finding(
                'SLOT_ARCHIVED',
                {
                    'slot': 'cast(slots.analysis_slot as ' ~ dbt.type_string() ~ ')',
                    'category': 'categories.tracking_category_name',
                },
            )
        }}
    from slots
    inner join categories
        on
            slots.tenant_id = categories.tenant_id
            and slots.tracking_category_id = categories.tracking_category_id
    where slots.bound_by = 'settings' and not categories.is_active
    union all
    select
        options.tenant_id,
        'tracking_relevance' as settings_file,
        options.tracking_option_id as record_id,
        options.tracking_option_name as record_label,
        'warn' as severity,
        {{
            configuration_finding(
                'OPTION_ARCHIVED',
                {'option': 'options.tracking_option_name', 'category': 'options.tracking_category_name'},
            )
        }}
    from options
    inner join settings
        on
            options.tenant_id = settings.tenant_id
            and options.tracking_option_id = settings.tracking_option_id
            and settings.setting = 'relevance'
    where not options.is_option_active
    union all
    select
        required.tenant_id,
        'tracking_mandatory' as settings_file,
        required.document_type || '|' || required.tracking_category_id as record_id,
        categories.tracking_category_name as record_label,
        'warn' as severity,
        {{
            configuration_finding(
                'CATEGORY_HIDDEN',
                {
                    'category': 'categories.tracking_category_name',
                    'document type': "replace(required.document_type, '_', ' ')",
                },
            )
        }}
    from required
    inner join categories
        on
            required.tenant_id = categories.tenant_id
            and required.tracking_category_id = categories.tracking_category_id
    union all
    select
        tenant_id,
        'tracking_remap' as settings_file,
        record_id,
        tracking_option_name as record_label,
        'block' as severity,
        {{ configuration_finding('REMAP_ARCHIVED', {'option': 'tracking_option_name'}) }}
    from remaps
    union all
    select distinct
        tenant_id,
        'analysis_slots' as settings_file,
        source_system as record_id,
        {{ system_name('source_system') }} || ', tracking categories' as record_label,
        'block' as severity,
        {{
            coding_finding(
                'TRK_TOO_MANY_CFG', {'n': 'cast(category_count as ' ~ dbt.type_string() ~ ')'}
            )
        }}
    from {{ ref('int_tracking_categories_counted') }}
    where category_count > 2

)

select * from final
