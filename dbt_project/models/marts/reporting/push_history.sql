{#- Every attempt to write a record elsewhere: who approved it, what was answered, what is there now. -#}
with attempts as (

    select * from {{ ref('stg_push__attempts') }}
    where not is_deleted

),

operations as (

    select * from {{ ref('stg_push__operations') }}

),

plans as (

    select * from {{ ref('stg_push__plans') }}

),

-- The decision that the attempt was made on: the latest before it.
decisions as (

    select
        attempts.tenant_id,
        attempts.attempt_id,
        approvals.approved_by,
        approvals.approved_at,
        approvals.method,
        approvals.policy_version,
        approvals.snapshot_id,
        row_number() over (
            partition by attempts.tenant_id, attempts.attempt_id
            order by approvals.approved_at desc, approvals.approval_id asc
        ) as choice
    from attempts
    inner join {{ ref('stg_push__approvals') }} as approvals
        on
            attempts.tenant_id = approvals.tenant_id
            and attempts.operation_id = approvals.operation_id
            and attempts.intended_at >= approvals.approved_at
    where approvals.decision = 'approved'

),

final as (

    select
        attempts.tenant_id,
        attempts.attempt_id,
        attempts.attempt_number,
        operations.plan_id,
        attempts.operation_id,
        operations.target,
        operations.entity,
        operations.operation,
        operations.record_key,
        operations.label,
        operations.source_system,
        operations.source_record_id,
        coalesce(attempts.target_id, operations.target_id) as target_id,
        attempts.target_number,
        {{ json_text('operations.facts', "'$.currency_code'") }} as currency_code,
        {{ cast_or_null(json_text('operations.facts', "'$.total'"), 'decimal(18, 4)') }} as total,
        operations.payload_hash,
        plans.created_by as planned_by,
        plans.created_at as planned_at,
        decisions.approved_by,
        decisions.approved_at,
        decisions.method as approval_method,
        decisions.policy_version,
        decisions.snapshot_id,
        attempts.applied_by,
        attempts.intended_at,
        attempts.answered_at,
        attempts.read_back_at,
        attempts.method as http_method,
        attempts.path,
        attempts.request_hash,
        attempts.idempotency_key,
        cast(attempts.http_status as bigint) as http_status,
        attempts.outcome,
        operations.status as operation_status,
        attempts.errors,
        attempts.warnings,
        attempts.read_back_differences
    from attempts
    left join operations
        on
            attempts.tenant_id = operations.tenant_id
            and attempts.operation_id = operations.operation_id
    left join plans
        on
            operations.tenant_id = plans.tenant_id
            and operations.plan_id = plans.plan_id
    left join decisions
        on
            attempts.tenant_id = decisions.tenant_id
            and attempts.attempt_id = decisions.attempt_id
            and decisions.choice = 1

)

select * from final
