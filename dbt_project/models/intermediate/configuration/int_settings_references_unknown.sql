{#-
    What the settings files name and no organisation has, with the nearest thing that there is. A row
    of all organisations (`*`) is right when it fits one of them.
-#}
with stated as (

    select * from {{ ref('int_settings_references_stated') }}

),

known as (

    select * from {{ ref('int_settings_names_known') }}

),

organisations as (

    select * from known
    where kind = 'organisation'

),

strangers as (

    select distinct
        stated.tenant_id,
        stated.settings_file,
        stated.record_id,
        'tenant_id' as column_name,
        'organisation' as kind,
        stated.tenant_id as value,
        cast(null as {{ dbt.type_string() }}) as within
    from stated
    left join organisations
        on stated.tenant_id = organisations.tenant_id
    where stated.tenant_id <> '*' and organisations.tenant_id is null

),

bound as (

    select distinct
        stated.tenant_id,
        stated.settings_file,
        stated.record_id,
        stated.column_name
    from stated
    inner join known
        on
            stated.tenant_id in (known.tenant_id, '*')
            and stated.kind = known.kind
            and lower(stated.value) = known.value_key
            and coalesce(stated.within, known.within, '') = coalesce(known.within, '')
            and (
                stated.named_at is null or stated.named_at < coalesce(known.valid_to, cast('9999-12-31' as timestamp))
            )

),

unknown as (

    select
        stated.tenant_id,
        stated.settings_file,
        stated.record_id,
        stated.column_name,
        stated.kind,
        stated.value,
        stated.within
    from stated
    left join bound
        on
            stated.tenant_id = bound.tenant_id
            and stated.settings_file = bound.settings_file
            and stated.record_id = bound.record_id
            and stated.column_name = bound.column_name
    left join organisations
        on stated.tenant_id = organisations.tenant_id
    where
        bound.record_id is null
        and (stated.tenant_id = '*' or organisations.tenant_id is not null)
    union all
    select * from strangers

),

-- Somebody may have written the account's name where its code belongs.
measured as (

    select
        unknown.*,
        known.value as nearest_value,
        known.label as nearest_label,
        least(
            levenshtein(lower(unknown.value), known.value_key),
            coalesce(levenshtein(lower(unknown.value), lower(known.label)), 999)
        ) as distance
    from unknown
    left join known
        on
            (unknown.kind = 'organisation' or unknown.tenant_id in (known.tenant_id, '*'))
            and unknown.kind = known.kind
            and known.valid_to is null

),

ranked as (

    select
        *,
        row_number() over (
            partition by tenant_id, settings_file, record_id, column_name
            order by distance, nearest_value
        ) as choice
    from measured

),

-- More than half of it different is no likeness.
final as (

    select
        tenant_id,
        settings_file,
        record_id,
        column_name,
        kind,
        value,
        case
            when distance * 2 <= length(value) or distance <= 1
                then coalesce(nearest_value || ' ' || nearest_label, nearest_value)
        end as nearest
    from ranked
    where choice = 1

)

select * from final
