{#- A production job is a project of a kind of its own: one sequence of ids, and where both lists have one, one job. -#}
with jobs as (
    select
        tenant_id,
        project_id,
        project_number,
        sales_account_code,
        expense_account_code,
        reporting_categories
    from {{ ref('stg_workguru__projects') }}
    union all
    select
        production_jobs.tenant_id,
        production_jobs.production_job_id as project_id,
        production_jobs.project_number,
        production_jobs.sales_account_code,
        production_jobs.expense_account_code,
        production_jobs.reporting_categories
    from {{ ref('stg_workguru__production_jobs') }} as production_jobs
    left join {{ ref('stg_workguru__projects') }} as projects
        on
            production_jobs.tenant_id = projects.tenant_id
            and production_jobs.production_job_id = projects.project_id
    where projects.project_id is null
)

select * from jobs
