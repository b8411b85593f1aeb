{#-
    How each stock movement was coded in the journals that were sent: the push ledger's record, with
    the status that each journal has in Xero by now. Without rows until the ledger is read back. It
    decides coding alone; amounts come from int_stock_journals_sent.
-#}
select
    cast(null as {{ dbt.type_string() }}) as tenant_id,
    cast(null as {{ dbt.type_string() }}) as source_system,
    cast(null as {{ dbt.type_string() }}) as movement_id,
    cast(null as date) as journal_month,
    cast(null as {{ dbt.type_string() }}) as journal_status,
    cast(null as date) as period_month,
    cast(null as {{ dbt.type_string() }}) as cogs_account_id,
    cast(null as {{ dbt.type_string() }}) as inventory_account_id,
    cast(null as {{ dbt.type_string() }}) as tracking_option_id_2,
    cast(null as {{ dbt.type_string() }}) as tracking_option_id_3
where false
