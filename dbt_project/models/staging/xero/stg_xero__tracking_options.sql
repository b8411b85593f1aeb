select
    tenant_id,
    tracking_option_id,
    tracking_category_id,
    tracking_option_name,
    option_status,
    option_position,
    is_deleted,
    record_updated_at,
    extracted_at
from {{ ref('stg_xero__tracking_option_versions') }}
where valid_to is null
