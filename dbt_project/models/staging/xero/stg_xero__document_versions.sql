{#-
    What a document or payment said before, of those alone that changed since Xero's reports were last read whole: their
    older versions are what those reports show. `changed_at` is Xero's change stamp where a version moved it, else when
    the version was read, since recoding a line does not move it.
-#}
{%- set tables = ['invoices', 'credit_notes', 'bank_transactions', 'manual_journals', 'payments'] -%}
{%- set line = {'LineAmount': 'decimal(18,4)', 'TaxAmount': 'decimal(18,4)', 'AccountID': 'string'} -%}
{%- set shape = {
    'Type': 'string',
    'PaymentType': 'string',
    'Status': 'string',
    'Date': 'date',
    'LineAmountTypes': 'string',
    'CurrencyCode': 'string',
    'CurrencyRate': 'decimal(18,6)',
    'Total': 'decimal(18,4)',
    'Amount': 'decimal(18,4)',
    'BankAccount': {'AccountID': 'string'},
    'Account': {'AccountID': 'string'},
    'LineItems': [line],
    'JournalLines': [line],
} -%}

with reports as (
    select
        tenant_id,
        max(whole_at) as read_at
    from {{ ref('stg_runs__reads') }}
    where system = 'xero' and endpoint = 'trial_balance_reports' and is_complete
    group by tenant_id
),

{% for table in tables %}
{{ table }}_changed as (
    select
        log.tenant_id,
        log.record_id
    from {{ source('raw_xero', table) }} as log
    inner join reports
        on log.tenant_id = reports.tenant_id
    group by log.tenant_id, log.record_id, reports.read_at
    having
        max(log.record_updated_at) > reports.read_at
        or (count(*) > 1 and max(log.extracted_at) > reports.read_at)
),

{{ table }}_log as (
    select log.*
    from {{ source('raw_xero', table) }} as log
    inner join {{ table }}_changed as changed
        on
            log.tenant_id = changed.tenant_id
            and log.record_id = changed.record_id
),

{% endfor %}
versions as (
    {% for table in tables %}
    select
        *,
        '{{ table }}' as record_table
    from ({{ all_versions(table ~ '_log') }}) as of_table
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

records as (
    {{ typed_records('select * from versions', shape, also=['record_table', 'version_number']) }}
),

stamped as (
    select
        *,
        lag(record_updated_at) over (
            partition by tenant_id, record_table, record_id
            order by version_number
        ) as former_updated_at
    from records
),

renamed as (
    select
        tenant_id,
        record_table,
        record_id as document_id,
        version_number,
        case
            when record_updated_at = former_updated_at then extracted_at
            else coalesce(record_updated_at, extracted_at)
        end as changed_at,
        coalesce(fields.Type, fields.PaymentType, 'MANUALJOURNAL') as type_code,
        case when is_deleted then 'DELETED' else fields.Status end as document_status,
        fields.Date as document_date,
        coalesce(upper(fields.LineAmountTypes), 'NOTAX') = 'INCLUSIVE' as is_tax_inclusive,
        fields.CurrencyCode as currency_code,
        fields.CurrencyRate as currency_rate,
        coalesce(fields.Total, fields.Amount) as total,
        coalesce(fields.BankAccount.AccountID, fields.Account.AccountID) as bank_account_id,
        coalesce(fields.LineItems, fields.JournalLines) as line_items,
        extracted_at
    from stamped
)

select * from renamed
