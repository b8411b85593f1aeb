{#-
    Where Xero is a secondary connection of the CRM: what it knows of each customer that another system
    owns. Ambiguous ones are listed without a contact, for a person to decide; nothing is guessed, and
    nothing of the primary system's is overwritten, since all of it stands under the connection's suffix.
-#}
with connections as (

    select * from {{ ref('int_push_crm_connections_ruled') }}
    where role = 'secondary'

),

customers as (

    select * from {{ ref('int_prospect__customers_matched') }}

),

analysis as (

    select * from {{ ref('customer_analysis') }}

),

final as (

    select
        customers.tenant_id,
        connections.crm_system,
        customers.sales_ledger_id as crm_customer_id,
        connections.connection_suffix,
        customers.ledger_name as crm_customer_name,
        customers.contact_id,
        customers.contact_id || '-' || connections.connection_suffix as suffixed_contact_id,
        customers.match_method,
        customers.match_status,
        cast(customers.candidate_count as bigint) as candidate_count,
        analysis.contact_name,
        analysis.account_number,
        analysis.contact_status,
        analysis.merged_to_contact_id,
        analysis.is_template,
        analysis.sales_account_code,
        analysis.purchases_account_code,
        analysis.sales_analysis_2,
        analysis.sales_analysis_3,
        analysis.purchases_analysis_2,
        analysis.purchases_analysis_3
    from customers
    inner join connections
        on
            customers.tenant_id = connections.tenant_id
            and customers.operating_company = connections.operating_company
    left join analysis
        on
            customers.tenant_id = analysis.tenant_id
            and customers.contact_id = analysis.contact_id

)

select * from final
