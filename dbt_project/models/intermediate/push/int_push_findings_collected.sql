{#- Records whose latest operation did not end as it should: refused, kept in part, or of unknown outcome. -#}
with operations as (

    select
        *,
        row_number() over (
            partition by tenant_id, target, entity, record_key
            order by changed_at desc, operation_id desc
        ) as recency
    from {{ ref('stg_push__operations') }}
    where not is_deleted and status in ('sent', 'confirmed', 'rejected', 'dropped_fields', 'unknown', 'skipped')

),

attempts as (

    select
        *,
        row_number() over (
            partition by tenant_id, operation_id
            order by attempt_number desc
        ) as recency
    from {{ ref('stg_push__attempts') }}
    where not is_deleted

),

final as (

    select
        operations.tenant_id,
        'push_' || operations.status as rule,
        case when operations.status = 'rejected' then 'error' else 'warning' end as severity,
        operations.target || '__' || operations.entity as record_type,
        operations.record_key as record_id,
        operations.label as record_label,
        operations.label || ': '
        || case operations.status
            when 'rejected' then 'refused by ' || operations.target
            when 'dropped_fields' then operations.target || ' did not keep all that was sent'
            else 'whether ' || operations.target || ' has it is not known'
        end
        || coalesce('. ' || nullif(nullif(coalesce(attempts.errors, attempts.read_back_differences), ''), '[]'), '')
        || '. Plan again when it is mended.' as message,
        cast(null as decimal(18, 4)) as amount_base,
        operations.changed_at as first_seen_at
    from operations
    left join attempts
        on
            operations.tenant_id = attempts.tenant_id
            and operations.operation_id = attempts.operation_id
            and attempts.recency = 1
    where operations.recency = 1 and operations.status in ('rejected', 'dropped_fields', 'unknown')

)

select * from final
