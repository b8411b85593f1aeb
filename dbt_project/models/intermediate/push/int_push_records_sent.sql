{{ config(materialized='table') }}

{#-
    What the push ledger knows of each record: the target's id of it, and what was last confirmed. An
    operation whose fields were dropped has written its record all the same. `is_undone`: the last
    thing done to it took an earlier one back. `is_open`: an answer is still out.
-#}
with operations as (

    select
        *,
        row_number() over (
            partition by tenant_id, target, entity, record_key
            order by changed_at desc, operation_id desc
        ) as recency,
        row_number() over (
            partition by tenant_id, target, entity, record_key, undo_of is null
            order by changed_at desc, operation_id desc
        ) as recency_of_kind
    from {{ ref('stg_push__operations') }}
    where not is_deleted and status in ('confirmed', 'dropped_fields')

),

open_operations as (

    select distinct
        tenant_id,
        target,
        entity,
        record_key
    from {{ ref('stg_push__operations') }}
    where not is_deleted and status in ('sent', 'unknown')

),

known as (

    select
        tenant_id,
        target,
        entity,
        record_key,
        max(target_id) as target_id,
        max(case when recency = 1 then operation end) as operation,
        max(case when recency = 1 and undo_of is not null then 1 else 0 end) = 1 as is_undone,
        max(case when undo_of is null and recency_of_kind = 1 then payload end) as payload,
        max(case when undo_of is null and recency_of_kind = 1 then facts end) as facts,
        max(changed_at) as changed_at
    from operations
    group by tenant_id, target, entity, record_key

),

final as (

    select
        coalesce(known.tenant_id, open_operations.tenant_id) as tenant_id,
        coalesce(known.target, open_operations.target) as target,
        coalesce(known.entity, open_operations.entity) as entity,
        coalesce(known.record_key, open_operations.record_key) as record_key,
        known.target_id,
        known.operation,
        coalesce(known.is_undone, false) as is_undone,
        known.payload,
        known.facts,
        {{ json_text('known.facts', "'$.content_hash'") }} as content_hash,
        known.changed_at,
        known.record_key is not null as is_confirmed,
        open_operations.record_key is not null as is_open
    from known
    full outer join open_operations
        on
            known.tenant_id = open_operations.tenant_id
            and known.target = open_operations.target
            and known.entity = open_operations.entity
            and known.record_key = open_operations.record_key

)

select * from final
