{# The elements of a document's line: Xero's name, our column, text or the decimals of a number. #}
{% macro document_line_fields() -%}
    {{ return({
        'Description': ('description', 'string'),
        'ItemCode': ('item_code', 'string'),
        'Quantity': ('quantity', 4),
        'UnitAmount': ('unit_amount', 4),
        'DiscountRate': ('discount_rate', 6),
        'DiscountAmount': ('discount_amount', 4),
        'LineAmount': ('line_amount', 4),
        'TaxAmount': ('tax_amount', 4),
        'AccountCode': ('account_code', 'string'),
        'TaxType': ('tax_type', 'string'),
    }) }}
{%- endmacro %}

{# Those that a line of a manual journal has. #}
{% macro journal_line_fields() -%}
    {{ return(['Description', 'LineAmount', 'AccountCode', 'TaxType']) }}
{%- endmacro %}

{# The line as it is sent, as JSON; of a journal only what a journal's line has. #}
{% macro document_line_sent(relation, in_journal=false, id=none) -%}
    {%- set members = {'LineItemID': json_string(id)} if id else {} -%}
    {%- for field, spec in document_line_fields().items() -%}
        {%- if not in_journal or field in journal_line_fields() -%}
            {#- The supplier's own tax stands; that of a sale Xero works out. -#}
            {%- set column = relation ~ '.' ~ ('sent_tax_amount' if field == 'TaxAmount' else spec[0]) -%}
            {%- do members.update({field: document_line_value(column, spec[1])}) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do members.update({'Tracking': document_line_tracking(relation)}) -%}
    {{ return(json_object_of(members)) }}
{%- endmacro %}

{# The line as Xero holds it; of one that we send too, only what we state of it. #}
{% macro document_line_held(held, sent, in_journal=false) -%}
    {%- set members = {} if in_journal else {'LineItemID': json_string(held ~ '.line_id')} -%}
    {%- for field, spec in document_line_fields().items() if not in_journal or field in journal_line_fields() -%}
        {%- set ours = sent ~ '.' ~ ('sent_tax_amount' if field == 'TaxAmount' else spec[0]) -%}
        {%- set value = document_line_value(held ~ '.' ~ spec[0], spec[1]) -%}
        {%- set condition = sent ~ '.line_id is null or ' ~ ours ~ ' is not null' -%}
        {%- do members.update({field: 'case when ' ~ condition ~ ' then ' ~ value ~ ' end'}) -%}
    {%- endfor -%}
    {%- do members.update({'Tracking': document_line_tracking(held)}) -%}
    {{ return(json_object_of(members)) }}
{%- endmacro %}

{% macro document_line_value(column, kind) -%}
    {{ return(json_string(column) if kind == 'string' else json_number(column, kind)) }}
{%- endmacro %}

{# Both ids of each option, in the order of the slots: names would be dropped in silence. #}
{% macro document_line_tracking(relation) -%}
    {%- set elements = [] -%}
    {%- for slot in [2, 3] -%}
        {%- set element = json_object_of({
            'TrackingCategoryID': json_string(relation ~ '.category_id_' ~ slot),
            'TrackingOptionID': json_string(relation ~ '.option_id_' ~ slot),
        }) -%}
        {%- do elements.append(
            'case when ' ~ relation ~ '.option_id_' ~ slot ~ ' is not null then ' ~ element ~ ' end'
        ) -%}
    {%- endfor -%}
    {{ return("nullif(" ~ json_list_of(elements) ~ ", '[]')") }}
{%- endmacro %}

{# What a plan totals and shows of a line; nothing of a line of text. #}
{% macro document_line_stated(relation) -%}
    {%- set names = [] -%}
    {%- set ids = [] -%}
    {%- for slot in [2, 3] -%}
        {%- do names.append(json_string(relation ~ '.option_' ~ slot)) -%}
        {%- do ids.append(json_string(relation ~ '.option_id_' ~ slot)) -%}
    {%- endfor -%}
    {%- set members = {} -%}
    {%- for column in ['line_id', 'account_id', 'account_code', 'account_name', 'contra_account_id', 'tax_type'] -%}
        {%- do members.update({column: json_string(relation ~ '.' ~ column)}) -%}
    {%- endfor -%}
    {%- set amount = relation ~ '.line_amount' -%}
    {%- set in_journal = 'case when ' ~ relation ~ ".side = 'stock' and " ~ amount -%}
    {%- do members.update({
        'net': json_money('coalesce(' ~ relation ~ '.net_amount, 0)'),
        'tax': json_money('coalesce(' ~ relation ~ '.tax_amount, 0)'),
        'tracking': json_list_of(names),
        'tracking_option_ids': json_list_of(ids),
        'role': json_string(relation ~ '.role'),
        'coding': relation ~ '.coding',
        'debit': in_journal ~ ' >= 0 then ' ~ json_money(amount) ~ ' end',
        'credit': in_journal ~ ' < 0 then ' ~ json_money('-' ~ amount) ~ ' end',
    }) -%}
    {{ return('case when ' ~ relation ~ ".role <> 'TEXT' then " ~ json_object_of(members) ~ ' end') }}
{%- endmacro %}
