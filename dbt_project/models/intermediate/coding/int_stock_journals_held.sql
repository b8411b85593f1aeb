{{ config(materialized='table') }}

{#-
    The stock journals of ours that Xero holds, known by the key at the end of their narration
    (`[<system>:<type>:<id>]`): what they are there, whatever the push ledger says. Of copies of one, which
    a person can make in Xero, the one that the ledger knows counts, else the one in use, else the first.
-#}
with journals as (

    select
        *,
        {{ text_in_last_brackets('narration') }} as record_key
    from {{ ref('stg_xero__manual_journals') }}
    where not is_deleted

),

sent as (

    select
        tenant_id,
        record_key,
        target_id
    from {{ ref('int_push_records_sent') }}
    where target = 'xero' and entity = 'manual_journals'

),

parted as (

    select
        tenant_id,
        document_id as manual_journal_id,
        record_key,
        {{ dbt.split_part('record_key', "':'", 1) }} as source_system,
        {{ dbt.split_part('record_key', "':'", 2) }} as document_type,
        {{ dbt.split_part('record_key', "':'", 3) }} as source_document_id,
        narration,
        document_status as journal_status,
        document_date as journal_date
    from journals

),

ranked as (

    select
        parted.*,
        row_number() over (
            partition by parted.tenant_id, parted.record_key
            order by
                case when parted.manual_journal_id = sent.target_id then 0 else 1 end,
                case when parted.journal_status in ('DRAFT', 'POSTED') then 0 else 1 end,
                parted.manual_journal_id
        ) as choice
    from parted
    left join sent
        on
            parted.tenant_id = sent.tenant_id
            and parted.record_key = sent.record_key
    where parted.document_type in ('cogs', 'adjustment', 'stock_take')

),

final as (

    select
        tenant_id,
        manual_journal_id,
        record_key,
        source_system,
        document_type,
        source_document_id,
        case when document_type = 'cogs' then cast(substr(source_document_id, 6) || '-01' as date) end as journal_month,
        narration,
        journal_status,
        journal_date
    from ranked
    where choice = 1

)

select * from final
