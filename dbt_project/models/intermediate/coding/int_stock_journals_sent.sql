{#-
    What the journals that were sent hold, pair by pair: the push ledger's record, with the status
    that each journal has in Xero by now. Without rows until the ledger is read back.
-#}
select
    cast(null as {{ dbt.type_string() }}) as tenant_id,
    cast(null as {{ dbt.type_string() }}) as source_system,
    cast(null as date) as journal_month,
    cast(null as {{ dbt.type_string() }}) as manual_journal_id,
    cast(null as {{ dbt.type_string() }}) as journal_status,
    cast(null as date) as period_month,
    cast(null as {{ dbt.type_string() }}) as cogs_account_id,
    cast(null as {{ dbt.type_string() }}) as inventory_account_id,
    cast(null as {{ dbt.type_string() }}) as tracking_option_id_2,
    cast(null as {{ dbt.type_string() }}) as tracking_option_id_3,
    cast(null as decimal(18, 4)) as amount
where false
