{#
    Reading the raw log, whose rows are one per change of a record. Both macros give tenant_id,
    record_id, record_updated_at, extracted_at, is_deleted and payload. A tombstone has no payload; it
    keeps the content last seen, with is_deleted true.

    The greatest extracted_at is found on narrow columns and joined back: a window over the payload
    needs twice the time, arg_max(payload) more memory than there is.

    In an incremental run both look only at records touched since: per tenant, those with a row whose
    extracted_at is at least the largest the model holds (a tenant has one sync at a time; another
    tenant's rows may be older). A touched record is taken anew from its whole history.
#}

{# One row per record: the latest version. #}
{% macro latest_versions(log) -%}
    select
        content.tenant_id,
        content.record_id,
        content.record_updated_at,
        newest.extracted_at,
        newest.extracted_at > newest.content_extracted_at as is_deleted,
        content.payload
    from {{ log }} as content
    inner join (
        select
            log.tenant_id,
            log.record_id,
            max(log.extracted_at) as extracted_at,
            max(case when not log.is_deleted then log.extracted_at end) as content_extracted_at
        from {{ log }} as log
        {{ _where_touched(log) }}
        group by log.tenant_id, log.record_id
    ) as newest
        on
            content.tenant_id = newest.tenant_id
            and content.record_id = newest.record_id
            and content.extracted_at = newest.content_extracted_at
{%- endmacro %}

{#
    One row per record and version, with valid_from, valid_to (null: current) and version_number, from
    1. A tombstone is a version too.
#}
{% macro all_versions(log) -%}
    select
        content.tenant_id,
        content.record_id,
        content.record_updated_at,
        versions.extracted_at,
        versions.is_deleted,
        versions.extracted_at as valid_from,
        versions.valid_to,
        versions.version_number,
        content.payload
    from {{ log }} as content
    inner join (
        select
            log.tenant_id,
            log.record_id,
            log.extracted_at,
            log.is_deleted,
            lead(log.extracted_at) over (
                partition by log.tenant_id, log.record_id order by log.extracted_at
            ) as valid_to,
            row_number() over (
                partition by log.tenant_id, log.record_id order by log.extracted_at
            ) as version_number,
            max(case when not log.is_deleted then log.extracted_at end) over (
                partition by log.tenant_id, log.record_id
                order by log.extracted_at
                rows between unbounded preceding and current row
            ) as content_extracted_at
        from {{ log }} as log
        {{ _where_touched(log) }}
    ) as versions
        on
            content.tenant_id = versions.tenant_id
            and content.record_id = versions.record_id
            and content.extracted_at = versions.content_extracted_at
{%- endmacro %}

{% macro _where_touched(log) -%}
    {%- if is_incremental() -%}
        where (log.tenant_id, log.record_id) in (
            select
                newer.tenant_id,
                newer.record_id
            from {{ log }} as newer
            left join (
                select
                    tenant_id,
                    max(extracted_at) as extracted_at
                from {{ this }}
                group by tenant_id
            ) as held
                on newer.tenant_id = held.tenant_id
            where held.extracted_at is null or newer.extracted_at >= held.extracted_at
        )
    {%- endif -%}
{%- endmacro %}
