{#- A report that shows the same figures is not written again, so that its version does not say when it was read. -#}
with trial_balances as (

    select
        tenant_id,
        month_end,
        max(extracted_at) as shown_at
    from {{ ref('stg_xero__trial_balance_rows') }}
    where not is_deleted
    group by tenant_id, month_end

),

-- Every run reads the present month and the one before, and a whole read all of them.
reads as (

    select
        tenant_id,
        max(whole_at) as whole_at,
        max(started_at) as started_at,
        max({{ month_of('started_at') }}) as read_in
    from {{ ref('stg_runs__reads') }}
    where system = 'xero' and endpoint = 'trial_balance_reports' and is_complete
    group by tenant_id

),

final as (

    select
        trial_balances.tenant_id,
        trial_balances.month_end,
        greatest(
            trial_balances.shown_at,
            coalesce(reads.whole_at, trial_balances.shown_at),
            case
                when trial_balances.month_end >= {{ dbt.dateadd('month', -1, 'reads.read_in') }}
                    then reads.started_at
                else trial_balances.shown_at
            end
        ) as read_at
    from trial_balances
    left join reads
        on trial_balances.tenant_id = reads.tenant_id

)

select * from final
