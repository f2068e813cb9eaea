-- What the examples must come to, worked out by DuckDB from the CSV files alone.
--
-- It is written without a look at how kamrules works and reads none of its output. Run it from the repository's root:
-- the paths are relative to it. Every block that opens with `-- expect POLICY` answers rows of
--   path      where the number stands in what `kamrules eval --format json` prints (`a.b`, and `a[k=v,…]` for the entry of a list
--             or `rows.ENTITY.KEY.COLUMN` for a cell of what `eval -o` writes)
--   expected  the exact answer, as text
--   stated    the same as it is stated in the documents, rounded as it stands there; or null
-- Blocks that open with `-- prepare` are views for the others. Division is done in integers: n/d to twelve places, half away
-- from zero, because DuckDB divides decimals as doubles.

-- prepare
create macro ratio12(n, d) as
  case when d = 0 then null
       else ((sign((n)::hugeint)::hugeint * sign((d)::hugeint)::hugeint
              * ((2 * abs((n)::hugeint) * 1000000000000 + abs((d)::hugeint)) // (2 * abs((d)::hugeint))))::decimal(38, 0))::varchar end;

-- prepare
create macro fiscal_year(d) as year(d) + (month(d) >= 7)::int;

-- prepare
create macro fiscal_quarter(d) as 'FY' || fiscal_year(d) || '-Q' || ((month(d) + 5) % 12 // 3 + 1);

-- prepare
create view aw_accounts as select * from read_csv('examples/adventureworks/data/accounts.csv', all_varchar = true);

-- prepare
create view aw_reps as select * from read_csv('examples/adventureworks/data/salesperson.csv', all_varchar = true);

-- prepare
create view aw_rep_regions as select * from read_csv('examples/adventureworks/data/salesperson_region.csv', all_varchar = true);

-- prepare
create view aw_sales as
  select ResellerKey account, EmployeeKey rep, OrderDate::date date, (Sales::decimal(18, 2) * 100)::bigint cents, (Cost::decimal(18, 2) * 100)::bigint cost,
         fiscal_year(OrderDate::date) fy
  from read_csv('examples/adventureworks/data/sales.csv', all_varchar = true);

-- prepare
create view aw_targets as
  select r.EmployeeKey rep, t.TargetMonth::date date, (t.TargetAmount::decimal(18, 2) * 100)::bigint cents, fiscal_year(t.TargetMonth::date) fy
  from read_csv('examples/adventureworks/data/targets.csv', all_varchar = true) t join aw_reps r using (EmployeeID);

-- prepare
create view aw_by_year as
  select a.ResellerKey account,
         coalesce(sum(s.cents) filter (s.fy = 2018), 0) fy18,
         coalesce(sum(s.cents) filter (s.fy = 2019), 0) fy19,
         coalesce(sum(s.cents) filter (s.fy = 2020), 0) fy20
  from aw_accounts a left join aw_sales s on s.account = a.ResellerKey group by 1;

-- prepare
create view aw_classes as
  with ranked as (
    select account, fy20,
           sum(fy20) over (order by fy20 desc range unbounded preceding) - fy20 * count(*) over (partition by fy20) as before,
           sum(fy20) over () as total
    from aw_by_year where fy20 > 0)
  select account, case when before * 100 < total * 80 then 'A' when before * 100 < total * 95 then 'B' else 'C' end class from ranked;

-- expect adventureworks: how many rows were read
select 'rows.' || entity as path, n::varchar as expected, null as stated from (
  select 'account' entity, count(*) n from aw_accounts union all
  select 'rep', count(*) from aw_reps union all
  select 'rep_region', count(*) from aw_rep_regions union all
  select 'sale', count(*) from aw_sales union all
  select 'target', count(*) from aw_targets);

-- expect adventureworks: accounts by territory, as the CRM has them
select 'territories.coverage.' || lower(replace(Region, ' ', '_')), count(*)::varchar,
       case Region when 'Southwest' then '131' when 'Canada' then '114' when 'Northwest' then '92' when 'Southeast' then '85'
                   when 'Central' then '63' when 'Northeast' then '56' else '40' end
from aw_accounts group by Region;

-- expect adventureworks: the territory of each of the 701
select 'rows.account.' || ResellerKey || '.coverage', lower(replace(Region, ' ', '_')), null from aw_accounts;

-- expect adventureworks: ABC over FY2020 sales
select 'tiers.abc.' || coalesce(class, 'none'), count(*)::varchar, case class when 'A' then '148' when 'B' then '81' when 'C' then '264' end
from aw_accounts left join aw_classes on account = ResellerKey group by class;

-- expect adventureworks: the class of each account
select 'rows.account.' || ResellerKey || '.abc', coalesce(class, ''), null from aw_accounts left join aw_classes on account = ResellerKey;

-- expect adventureworks: sales by fiscal year
select 'metrics.company_sales[period=FY' || fy || '].value', (sum(cents)::decimal(38, 2) / 100)::decimal(38, 2)::varchar,
       case fy when 2018 then '16429042.60' when 2019 then '27979779.53' when 2020 then '36568898.08' end
from aw_sales group by fy;

-- expect adventureworks: growth of the company
select 'metrics.company_growth[period=FY' || fy || '].value', ratio12(cents - before, before), null
from (select fy, sum(cents) cents, lag(sum(cents)) over (order by fy) before from aw_sales group by fy) where before is not null;

-- expect adventureworks: gross margin
select 'metrics.gross_margin[period=FY' || fy || '].value', ratio12(sum(cents) - sum(cost), sum(cents)), null from aw_sales group by fy;

-- expect adventureworks: sales by territory
select 'metrics.territory_sales[group=' || lower(replace(Region, ' ', '_')) || '].value', (sum(fy20)::decimal(38, 2) / 100)::decimal(38, 2)::varchar, null
from aw_accounts join aw_by_year on account = ResellerKey group by Region;

-- expect adventureworks: quota attainment of the team
select 'metrics.team_attainment[period=' || period || '].value', ratio12(sold, asked), null
from (select fiscal_quarter(date) period, sum(cents) sold from aw_sales where fy = 2020 group by 1)
join (select fiscal_quarter(date) period, sum(cents) asked from aw_targets where fy = 2020 group by 1) using (period);

-- prepare
create view aw_quota as
  with asked as (select rep, period, sum(cents) cents from (
          select rep, fiscal_quarter(date) period, cents from aw_targets union all select rep, 'FY' || fy, cents from aw_targets) group by all),
       sold as (select rep, period, sum(cents) cents from (
          select rep, fiscal_quarter(date) period, cents from aw_sales union all select rep, 'FY' || fy, cents from aw_sales) group by all)
  select r.EmployeeKey rep, r.Salesperson "name", p.period, coalesce(a.cents, 0) asked, coalesce(s.cents, 0) sold
  from aw_reps r cross join (select distinct period from asked) p
  left join asked a on a.rep = r.EmployeeKey and a.period = p.period left join sold s on s.rep = r.EmployeeKey and s.period = p.period;

-- expect adventureworks: what each rep was asked to sell in FY2020
select 'quotas.revenue[holder=' || rep || ',period=' || period || '].target', (asked::decimal(38, 2) / 100)::decimal(38, 2)::varchar, null
from aw_quota where period like 'FY2020%';

-- expect adventureworks: what each rep sold in FY2020
select 'quotas.revenue[holder=' || rep || ',period=' || period || '].actual', (sold::decimal(38, 2) / 100)::decimal(38, 2)::varchar, null
from aw_quota where period like 'FY2020%';

-- expect adventureworks: attainment in FY2020
select 'quotas.revenue[holder=' || rep || ',period=' || period || '].attainment', ratio12(sold, asked),
       case "name" || ' ' || period
         when 'Jillian Carson FY2020-Q1' then '129.24%' when 'Jillian Carson FY2020-Q2' then '109.68%'
         when 'Jillian Carson FY2020-Q3' then '111.17%' when 'Jillian Carson FY2020-Q4' then '89.89%'
         when 'Lynn Tsoflias FY2020' then '163.23%' end
from aw_quota where period like 'FY2020%';

-- expect adventureworks: the next year has a target and no actuals
select 'quotas.revenue_plan[holder=' || rep || ',period=' || period || '].status', 'no actuals yet', null
from aw_quota where period like 'FY2021%' and asked > 0;

-- expect adventureworks: retention, of those who bought the year before
select 'metrics.retention[period=FY2019].value', ratio12(count(*) filter (fy19 > 0), count(*)), '69.71%' from aw_by_year where fy18 > 0
union all
select 'metrics.retention[period=FY2020].value', ratio12(count(*) filter (fy20 > 0), count(*)), '76.44%' from aw_by_year where fy19 > 0;

-- expect adventureworks: growth against size, sales in both years
select 'segments.bcg.' || segment, count(*)::varchar,
       case segment when 'star' then '38' when 'cash_cow' then '74' when 'question_mark' then '64' when 'dog' then '103' end
from (select case when (fy20 - fy19) * 10 >= fy19 then case when fy20 >= 5000000 then 'star' else 'question_mark' end
                  else case when fy20 >= 5000000 then 'cash_cow' else 'dog' end end segment
      from aw_by_year where fy19 > 0 and fy20 > 0) group by segment;

-- prepare
create view aw_slips as
  select t.*, r.Salesperson "name" from aw_targets t join aw_reps r on r.EmployeeKey = t.rep
  join (select rep, fy, median(cents) usual from aw_targets where cents > 0 group by all) m on m.rep = t.rep and m.fy = t.fy
  where t.cents >= 5 * usual;

-- expect adventureworks: targets of five usual months or more
select 'obligations.plausible_target.failed', count(*)::varchar, '6' from aw_slips;

-- expect adventureworks: which they are
select 'violations.plausible_target.' || rep || '.' || date, 'listed',
       case when "name" = 'Brian Welcker' and date = '2019-09-01' and cents = 3000000000 then 'listed' end from aw_slips;

-- expect adventureworks: the CRM agrees with the rules
select 'obligations.crm_agrees.failed', '0', null;

-- prepare
create view nw_orders as
  select *, strptime(OrderDate, '%m/%d/%Y')::date date from read_csv('examples/northwind/data/orders.csv', all_varchar = true);

-- prepare
create view nw_lines as
  select OrderID, ProductID, UnitPrice::decimal(18, 6) * Quantity::int * (1 - Discount::decimal(9, 6)) revenue
  from read_csv('examples/northwind/data/order_details.csv', all_varchar = true);

-- prepare
create view nw_customers as select * from read_csv('examples/northwind/data/customers.csv', all_varchar = true);

-- prepare
create view nw_employees as select * from read_csv('examples/northwind/data/employees.csv', all_varchar = true);

-- prepare
create view nw_uncovered as
  select * from read_csv('examples/northwind/data/territories.csv', all_varchar = true)
  where TerritoryID not in (select TerritoryID from read_csv('examples/northwind/data/employee_territories.csv', all_varchar = true));

-- prepare
create view nw_bought as select distinct CustomerID customer, year(date) y from nw_orders;

-- expect northwind: revenue, exact
select 'metrics.total_revenue[].value', sum(revenue)::varchar, '1265793.0395' from nw_lines;

-- expect northwind: revenue by year
select 'metrics.revenue_by_year[period=FY' || year(date) || '].value', sum(revenue)::varchar, null from nw_lines join nw_orders using (OrderID) group by year(date);

-- expect northwind: revenue by employee
select 'metrics.revenue_by_employee[group=' || LastName || '].value', sum(revenue)::varchar, null
from nw_lines join nw_orders using (OrderID) join nw_employees using (EmployeeID) group by LastName;

-- expect northwind: territories that nobody has
select 'obligations.somebody_covers.failed', count(*)::varchar, '4' from nw_uncovered;

-- expect northwind: which they are
select 'violations.somebody_covers.' || TerritoryID, 'listed', case when TerritoryID in ('29202', '72716', '75234', '78759') then 'listed' end from nw_uncovered;

-- expect northwind: customers kept from year to year
select 'metrics.kept[period=FY' || y || '].value', n::varchar, case y when 1997 then '65' end
from (select b.y, count(*) n from nw_bought a join nw_bought b on a.customer = b.customer and b.y = a.y + 1 group by 1);

-- expect northwind: customers there to be kept
select 'metrics.to_keep[period=FY' || (y + 1) || '].value', count(*)::varchar, case y when 1996 then '67' end from nw_bought where y < 1998 group by y;

-- expect northwind: retention
select 'metrics.retention[period=FY' || (a.y + 1) || '].value', ratio12(count(b.customer), count(*)), null
from nw_bought a left join nw_bought b on a.customer = b.customer and b.y = a.y + 1 where a.y < 1998 group by a.y;

-- expect northwind: customers by area
select 'territories.area.' || area, count(*)::varchar, null from (
  select case when Country <> 'USA' then 'abroad' when PostalCode is null then 'no_code'
              when left(PostalCode, 1) not in ('9', '8', '5') then 'east'
              when PostalCode::int between 98000 and 98199 then 'puget_sound' when PostalCode::int between 98200 and 99499 then 'washington'
              when PostalCode::int between 97000 and 97999 then 'oregon' when PostalCode::int between 90000 and 96199 then 'california'
              when PostalCode::int between 99500 and 99999 then 'alaska' else 'mountains' end area
  from nw_customers) group by area;

-- expect northwind: orders by shipping zone
select 'segments.shipping_zone.' || zone, count(*)::varchar, null from (
  select case when ShipCountry <> 'USA' then 'export' when left(ShipPostalCode, 2) = '98' then 'seattle' when left(ShipPostalCode, 2) = '97' then 'portland' else 'domestic' end zone
  from nw_orders) group by zone;

-- expect northwind: ABC over 1997
with sold as (select CustomerID, sum(revenue) revenue from nw_lines join nw_orders using (OrderID) where year(date) = 1997 group by 1),
     ranked as (select *, sum(revenue) over (order by revenue desc range unbounded preceding) - revenue * count(*) over (partition by revenue) as before,
                          sum(revenue) over () total from sold where revenue > 0)
select 'tiers.abc.' || class, count(*)::varchar, null
from (select coalesce(case when before is null then 'none' when before * 100 < total * 80 then 'A' when before * 100 < total * 95 then 'B' else 'C' end, 'none') class
      from nw_customers left join ranked using (CustomerID)) group by class;
