select
    tenant_id,
    source_system,
    movement_id,
    movement_type,
    document_id,
    moved_at,
    source_item_id,
    item_code,
    quantity,
    unit_cost,
    project_id,
    account_code,
    is_due
from {{ ref('int_workguru__movements_unified') }}
