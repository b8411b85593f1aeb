select
    tenant_id,
    tracking_category_id,
    tracking_category_name,
    category_status,
    option_count,
    typing_failures,
    is_deleted,
    record_updated_at,
    extracted_at
from {{ ref('stg_xero__tracking_category_versions') }}
where valid_to is null
