/**
 * Checks a value against schemas/scrapetarget.v1alpha1.schema.json.
 * Generated from it by "npm run generate": change the schema instead.
 */
// @ts-nocheck
import type { ValidateFunction } from 'ajv';
import type { ScrapeTargetDocument } from './scrapetarget.gen.ts';
export const validate: ValidateFunction<ScrapeTargetDocument> = validate20;
const schema31 = {"type":"object","additionalProperties":false,"required":["apiVersion","kind","metadata","spec"],"properties":{"apiVersion":{"type":"string","enum":["monitoring.ecs/v1alpha1"]},"kind":{"type":"string","enum":["ScrapeTarget"]},"metadata":{"type":"object","additionalProperties":false,"required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$","x-expect":"a DNS label: lower-case letters, digits and hyphens, at most 63, beginning and ending with a letter or digit"},"labels":{"type":"object","maxProperties":64,"additionalProperties":{"type":"string","maxLength":4096},"x-expect":"a map of text to text"},"annotations":{"type":"object","maxProperties":64,"additionalProperties":{"type":"string","maxLength":4096},"x-expect":"a map of text to text"}}},"spec":{"type":"object","additionalProperties":false,"required":["serviceRef","registry","endpoints"],"properties":{"serviceRef":{"type":"object","additionalProperties":false,"required":["cluster","service"],"properties":{"cluster":{"type":"string","minLength":1,"maxLength":512,"pattern":"^(arn:[a-z0-9-]+:ecs:[a-z0-9-]+:[0-9]{12}:cluster/)?[a-zA-Z0-9_-]{1,255}$","x-expect":"a cluster name (letters, digits, hyphens and underscores, at most 255) or the ARN of a cluster"},"service":{"type":"string","minLength":1,"maxLength":768,"pattern":"^(arn:[a-z0-9-]+:ecs:[a-z0-9-]+:[0-9]{12}:service/([a-zA-Z0-9_-]{1,255}/)?)?[a-zA-Z0-9_-]{1,255}$","x-expect":"a service name (letters, digits, hyphens and underscores, at most 255) or the ARN of a service"}}},"registry":{"type":"object","additionalProperties":false,"required":["namespace"],"properties":{"namespace":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^[!-~]+$","x-expect":"the name of a Cloud Map namespace: printable ASCII without spaces"},"name":{"type":"string","minLength":1,"maxLength":127,"x-expect":"the name of a Cloud Map service"},"description":{"type":"string","maxLength":1024},"dnsRecord":{"type":"object","additionalProperties":false,"properties":{"type":{"type":"string","enum":["A","AAAA","SRV"]},"ttl":{"type":"integer","minimum":0,"maximum":2147483647,"x-expect":"a number of seconds, 0 to 2147483647"},"containerName":{"type":"string","minLength":1,"maxLength":255,"pattern":"^[a-zA-Z0-9_-]+$","x-expect":"the name of a container: letters, digits, hyphens and underscores, at most 255"},"containerPort":{"type":"integer","minimum":1,"maximum":65535,"x-expect":"a port number from 1 to 65535"}}},"routingPolicy":{"type":"string","enum":["WEIGHTED","MULTIVALUE"]},"containerName":{"type":"string","minLength":1,"maxLength":255,"pattern":"^[a-zA-Z0-9_-]+$","x-expect":"the name of a container: letters, digits, hyphens and underscores, at most 255"},"containerPort":{"type":"integer","minimum":1,"maximum":65535,"x-expect":"a port number from 1 to 65535"},"adopt":{"type":"boolean"}}},"endpoints":{"type":"array","minItems":1,"maxItems":20,"items":{"type":"object","additionalProperties":false,"required":["name"],"properties":{"name":{"type":"string","minLength":1,"maxLength":63,"pattern":"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$","x-expect":"a DNS label: lower-case letters, digits and hyphens, at most 63, beginning and ending with a letter or digit"},"portNumber":{"type":"integer","minimum":1,"maximum":65535,"x-expect":"a port number from 1 to 65535"},"port":{"type":"string","minLength":1,"maxLength":64,"pattern":"^[a-zA-Z0-9_-]+$","x-expect":"the name of a port mapping of the task definition (a number belongs into portNumber)"},"targetPort":{"type":["integer","string"],"x-expect":"a port number from 1 to 65535, or the name of a port mapping"},"path":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^/","x-expect":"a path that begins with /, such as /metrics"},"metricsPath":{"type":"string","minLength":1,"maxLength":1024,"pattern":"^/","x-expect":"a path that begins with /, such as /metrics"},"scheme":{"type":"string","enum":["http","https","HTTP","HTTPS"]},"params":{"type":"object","maxProperties":32,"additionalProperties":{"type":"array","minItems":1,"maxItems":64,"items":{"type":"string","maxLength":4096},"x-expect":"a list of values such as [\"value\"]"},"x-expect":"a map of parameter names to lists of values"},"interval":{"type":"string","maxLength":64,"pattern":"^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$","x-expect":"a Prometheus duration such as 30s, 1m30s or 500ms"},"scrapeInterval":{"type":"string","maxLength":64,"pattern":"^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$","x-expect":"a Prometheus duration such as 30s, 1m30s or 500ms"},"scrapeTimeout":{"type":"string","maxLength":64,"pattern":"^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$","x-expect":"a Prometheus duration such as 30s, 1m30s or 500ms"},"honorLabels":{"type":"boolean"},"honorTimestamps":{"type":"boolean"},"filterRunning":{"type":"boolean"},"relabelings":{"type":"array","maxItems":100,"items":{"type":"object","additionalProperties":false,"properties":{"sourceLabels":{"type":"array","maxItems":64,"items":{"type":"string","maxLength":1024},"x-expect":"a list of label names"},"separator":{"type":"string","maxLength":1024},"targetLabel":{"type":"string","maxLength":1024},"regex":{"type":"string","maxLength":4096},"modulus":{"type":"integer","minimum":0,"maximum":9007199254740991},"replacement":{"type":"string","maxLength":4096},"action":{"type":"string","enum":["replace","keep","drop","keepequal","dropequal","hashmod","labelmap","labeldrop","labelkeep","lowercase","uppercase","Replace","Keep","Drop","KeepEqual","DropEqual","HashMod","LabelMap","LabelDrop","LabelKeep","Lowercase","Uppercase"]}}},"x-expect":"a list of relabel rules"},"metricRelabelings":{"type":"array","maxItems":100,"items":{"type":"object","additionalProperties":false,"properties":{"sourceLabels":{"type":"array","maxItems":64,"items":{"type":"string","maxLength":1024},"x-expect":"a list of label names"},"separator":{"type":"string","maxLength":1024},"targetLabel":{"type":"string","maxLength":1024},"regex":{"type":"string","maxLength":4096},"modulus":{"type":"integer","minimum":0,"maximum":9007199254740991},"replacement":{"type":"string","maxLength":4096},"action":{"type":"string","enum":["replace","keep","drop","keepequal","dropequal","hashmod","labelmap","labeldrop","labelkeep","lowercase","uppercase","Replace","Keep","Drop","KeepEqual","DropEqual","HashMod","LabelMap","LabelDrop","LabelKeep","Lowercase","Uppercase"]}}},"x-expect":"a list of relabel rules"},"tlsConfig":{"type":"object","additionalProperties":false,"properties":{"caFile":{"type":"string","minLength":1,"maxLength":1024,"x-expect":"an absolute path"},"certFile":{"type":"string","minLength":1,"maxLength":1024,"x-expect":"an absolute path"},"keyFile":{"type":"string","minLength":1,"maxLength":1024,"x-expect":"an absolute path"},"serverName":{"type":"string","minLength":1,"maxLength":253},"insecureSkipVerify":{"type":"boolean"},"minVersion":{"type":"string","enum":["TLS10","TLS11","TLS12","TLS13"]},"maxVersion":{"type":"string","enum":["TLS10","TLS11","TLS12","TLS13"]}}},"basicAuth":{"type":"object","additionalProperties":false,"required":["username","passwordFile"],"properties":{"username":{"type":"string","minLength":1,"maxLength":1024},"passwordFile":{"type":"string","minLength":1,"maxLength":1024,"x-expect":"an absolute path"}}},"authorization":{"type":"object","additionalProperties":false,"required":["credentialsFile"],"properties":{"type":{"type":"string","minLength":1,"maxLength":256,"pattern":"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$","x-expect":"an authentication type such as Bearer"},"credentialsFile":{"type":"string","minLength":1,"maxLength":1024,"x-expect":"an absolute path"}}}}},"x-expect":"a list of endpoints, one to 20"},"targetLabels":{"type":"array","maxItems":50,"items":{"type":"string","minLength":1,"maxLength":128,"pattern":"^[\\p{L}\\p{N} +=._:/@-]+$","x-expect":"a tag key: letters, digits, spaces and + - = . _ : / @, at most 128"},"x-expect":"a list of tag keys"},"jobLabel":{"type":"string","minLength":1,"maxLength":128,"pattern":"^[\\p{L}\\p{N} +=._:/@-]+$","x-expect":"a tag key: letters, digits, spaces and + - = . _ : / @, at most 128"},"labels":{"type":"object","maxProperties":64,"additionalProperties":{"type":"string","maxLength":4096},"x-expect":"a map of text to text"},"sampleLimit":{"type":"integer","minimum":0,"maximum":2147483647,"x-expect":"a whole number, 0 for no limit"},"targetLimit":{"type":"integer","minimum":0,"maximum":2147483647,"x-expect":"a whole number, 0 for no limit"},"labelLimit":{"type":"integer","minimum":0,"maximum":2147483647,"x-expect":"a whole number, 0 for no limit"},"labelNameLengthLimit":{"type":"integer","minimum":0,"maximum":2147483647,"x-expect":"a whole number, 0 for no limit"},"labelValueLengthLimit":{"type":"integer","minimum":0,"maximum":2147483647,"x-expect":"a whole number, 0 for no limit"},"bodySizeLimit":{"type":"string","maxLength":32,"pattern":"^(0|([0-9]*[.])?[0-9]+([KMGTPE]i?)?B)$","x-expect":"a size with its unit, such as 50MB"},"fallbackScrapeProtocol":{"type":"string","enum":["PrometheusProto","OpenMetricsText0.0.1","OpenMetricsText1.0.0","PrometheusText0.0.4","PrometheusText1.0.0"]},"bindingPolicy":{"type":"string","enum":["Ensure","Observe"]},"deletionPolicy":{"type":"string","enum":["Retain","Delete"]},"suspend":{"type":"boolean"}}},"status":{"type":"object","additionalProperties":true}}};
const func1 = (text) => { let length = 0; for (const _ of text) length += 1; return length; };
const func5 = Object.prototype.hasOwnProperty;
const pattern4 = new RegExp("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "u");
const pattern5 = new RegExp("^(arn:[a-z0-9-]+:ecs:[a-z0-9-]+:[0-9]{12}:cluster/)?[a-zA-Z0-9_-]{1,255}$", "u");
const pattern6 = new RegExp("^(arn:[a-z0-9-]+:ecs:[a-z0-9-]+:[0-9]{12}:service/([a-zA-Z0-9_-]{1,255}/)?)?[a-zA-Z0-9_-]{1,255}$", "u");
const pattern7 = new RegExp("^[!-~]+$", "u");
const pattern8 = new RegExp("^[a-zA-Z0-9_-]+$", "u");
const pattern12 = new RegExp("^/", "u");
const pattern14 = new RegExp("^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$", "u");
const pattern17 = new RegExp("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", "u");
const pattern18 = new RegExp("^[\\p{L}\\p{N} +=._:/@-]+$", "u");
const pattern20 = new RegExp("^(0|([0-9]*[.])?[0-9]+([KMGTPE]i?)?B)$", "u");

function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.apiVersion === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "apiVersion"},schema:schema31.required,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.kind === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "kind"},schema:schema31.required,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.metadata === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "metadata"},schema:schema31.required,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.spec === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "spec"},schema:schema31.required,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "apiVersion") || (key0 === "kind")) || (key0 === "metadata")) || (key0 === "spec")) || (key0 === "status"))){
const err4 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},schema:false,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.apiVersion !== undefined){
let data0 = data.apiVersion;
if(typeof data0 !== "string"){
const err5 = {instancePath:instancePath+"/apiVersion",schemaPath:"#/properties/apiVersion/type",keyword:"type",params:{type: "string"},schema:schema31.properties.apiVersion.type,parentSchema:schema31.properties.apiVersion,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(!(data0 === "monitoring.ecs/v1alpha1")){
const err6 = {instancePath:instancePath+"/apiVersion",schemaPath:"#/properties/apiVersion/enum",keyword:"enum",params:{allowedValues: schema31.properties.apiVersion.enum},schema:schema31.properties.apiVersion.enum,parentSchema:schema31.properties.apiVersion,data:data0};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.kind !== undefined){
let data1 = data.kind;
if(typeof data1 !== "string"){
const err7 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/type",keyword:"type",params:{type: "string"},schema:schema31.properties.kind.type,parentSchema:schema31.properties.kind,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(!(data1 === "ScrapeTarget")){
const err8 = {instancePath:instancePath+"/kind",schemaPath:"#/properties/kind/enum",keyword:"enum",params:{allowedValues: schema31.properties.kind.enum},schema:schema31.properties.kind.enum,parentSchema:schema31.properties.kind,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.metadata !== undefined){
let data2 = data.metadata;
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(data2.name === undefined){
const err9 = {instancePath:instancePath+"/metadata",schemaPath:"#/properties/metadata/required",keyword:"required",params:{missingProperty: "name"},schema:schema31.properties.metadata.required,parentSchema:schema31.properties.metadata,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
for(const key1 in data2){
if(!(((key1 === "name") || (key1 === "labels")) || (key1 === "annotations"))){
const err10 = {instancePath:instancePath+"/metadata",schemaPath:"#/properties/metadata/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},schema:false,parentSchema:schema31.properties.metadata,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data2.name !== undefined){
let data3 = data2.name;
if(typeof data3 === "string"){
if(func1(data3) > 63){
const err11 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/properties/metadata/properties/name/maxLength",keyword:"maxLength",params:{limit: 63},schema:63,parentSchema:schema31.properties.metadata.properties.name,data:data3};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(func1(data3) < 1){
const err12 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/properties/metadata/properties/name/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.metadata.properties.name,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(!pattern4.test(data3)){
const err13 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/properties/metadata/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",parentSchema:schema31.properties.metadata.properties.name,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/metadata/name",schemaPath:"#/properties/metadata/properties/name/type",keyword:"type",params:{type: "string"},schema:schema31.properties.metadata.properties.name.type,parentSchema:schema31.properties.metadata.properties.name,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data2.labels !== undefined){
let data4 = data2.labels;
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
if(Object.keys(data4).length > 64){
const err15 = {instancePath:instancePath+"/metadata/labels",schemaPath:"#/properties/metadata/properties/labels/maxProperties",keyword:"maxProperties",params:{limit: 64},schema:64,parentSchema:schema31.properties.metadata.properties.labels,data:data4};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
for(const key2 in data4){
let data5 = data4[key2];
if(typeof data5 === "string"){
if(func1(data5) > 4096){
const err16 = {instancePath:instancePath+"/metadata/labels/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/metadata/properties/labels/additionalProperties/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema31.properties.metadata.properties.labels.additionalProperties,data:data5};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
else {
const err17 = {instancePath:instancePath+"/metadata/labels/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/metadata/properties/labels/additionalProperties/type",keyword:"type",params:{type: "string"},schema:schema31.properties.metadata.properties.labels.additionalProperties.type,parentSchema:schema31.properties.metadata.properties.labels.additionalProperties,data:data5};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
}
else {
const err18 = {instancePath:instancePath+"/metadata/labels",schemaPath:"#/properties/metadata/properties/labels/type",keyword:"type",params:{type: "object"},schema:schema31.properties.metadata.properties.labels.type,parentSchema:schema31.properties.metadata.properties.labels,data:data4};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data2.annotations !== undefined){
let data6 = data2.annotations;
if(data6 && typeof data6 == "object" && !Array.isArray(data6)){
if(Object.keys(data6).length > 64){
const err19 = {instancePath:instancePath+"/metadata/annotations",schemaPath:"#/properties/metadata/properties/annotations/maxProperties",keyword:"maxProperties",params:{limit: 64},schema:64,parentSchema:schema31.properties.metadata.properties.annotations,data:data6};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
for(const key3 in data6){
let data7 = data6[key3];
if(typeof data7 === "string"){
if(func1(data7) > 4096){
const err20 = {instancePath:instancePath+"/metadata/annotations/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/metadata/properties/annotations/additionalProperties/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema31.properties.metadata.properties.annotations.additionalProperties,data:data7};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
else {
const err21 = {instancePath:instancePath+"/metadata/annotations/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/metadata/properties/annotations/additionalProperties/type",keyword:"type",params:{type: "string"},schema:schema31.properties.metadata.properties.annotations.additionalProperties.type,parentSchema:schema31.properties.metadata.properties.annotations.additionalProperties,data:data7};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath:instancePath+"/metadata/annotations",schemaPath:"#/properties/metadata/properties/annotations/type",keyword:"type",params:{type: "object"},schema:schema31.properties.metadata.properties.annotations.type,parentSchema:schema31.properties.metadata.properties.annotations,data:data6};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
}
else {
const err23 = {instancePath:instancePath+"/metadata",schemaPath:"#/properties/metadata/type",keyword:"type",params:{type: "object"},schema:schema31.properties.metadata.type,parentSchema:schema31.properties.metadata,data:data2};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data.spec !== undefined){
let data8 = data.spec;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
if(data8.serviceRef === undefined){
const err24 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/required",keyword:"required",params:{missingProperty: "serviceRef"},schema:schema31.properties.spec.required,parentSchema:schema31.properties.spec,data:data8};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(data8.registry === undefined){
const err25 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/required",keyword:"required",params:{missingProperty: "registry"},schema:schema31.properties.spec.required,parentSchema:schema31.properties.spec,data:data8};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
if(data8.endpoints === undefined){
const err26 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/required",keyword:"required",params:{missingProperty: "endpoints"},schema:schema31.properties.spec.required,parentSchema:schema31.properties.spec,data:data8};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
for(const key4 in data8){
if(!(func5.call(schema31.properties.spec.properties, key4))){
const err27 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},schema:false,parentSchema:schema31.properties.spec,data:data8};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data8.serviceRef !== undefined){
let data9 = data8.serviceRef;
if(data9 && typeof data9 == "object" && !Array.isArray(data9)){
if(data9.cluster === undefined){
const err28 = {instancePath:instancePath+"/spec/serviceRef",schemaPath:"#/properties/spec/properties/serviceRef/required",keyword:"required",params:{missingProperty: "cluster"},schema:schema31.properties.spec.properties.serviceRef.required,parentSchema:schema31.properties.spec.properties.serviceRef,data:data9};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
if(data9.service === undefined){
const err29 = {instancePath:instancePath+"/spec/serviceRef",schemaPath:"#/properties/spec/properties/serviceRef/required",keyword:"required",params:{missingProperty: "service"},schema:schema31.properties.spec.properties.serviceRef.required,parentSchema:schema31.properties.spec.properties.serviceRef,data:data9};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
for(const key5 in data9){
if(!((key5 === "cluster") || (key5 === "service"))){
const err30 = {instancePath:instancePath+"/spec/serviceRef",schemaPath:"#/properties/spec/properties/serviceRef/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},schema:false,parentSchema:schema31.properties.spec.properties.serviceRef,data:data9};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data9.cluster !== undefined){
let data10 = data9.cluster;
if(typeof data10 === "string"){
if(func1(data10) > 512){
const err31 = {instancePath:instancePath+"/spec/serviceRef/cluster",schemaPath:"#/properties/spec/properties/serviceRef/properties/cluster/maxLength",keyword:"maxLength",params:{limit: 512},schema:512,parentSchema:schema31.properties.spec.properties.serviceRef.properties.cluster,data:data10};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
if(func1(data10) < 1){
const err32 = {instancePath:instancePath+"/spec/serviceRef/cluster",schemaPath:"#/properties/spec/properties/serviceRef/properties/cluster/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.serviceRef.properties.cluster,data:data10};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
if(!pattern5.test(data10)){
const err33 = {instancePath:instancePath+"/spec/serviceRef/cluster",schemaPath:"#/properties/spec/properties/serviceRef/properties/cluster/pattern",keyword:"pattern",params:{pattern: "^(arn:[a-z0-9-]+:ecs:[a-z0-9-]+:[0-9]{12}:cluster/)?[a-zA-Z0-9_-]{1,255}$"},schema:"^(arn:[a-z0-9-]+:ecs:[a-z0-9-]+:[0-9]{12}:cluster/)?[a-zA-Z0-9_-]{1,255}$",parentSchema:schema31.properties.spec.properties.serviceRef.properties.cluster,data:data10};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
else {
const err34 = {instancePath:instancePath+"/spec/serviceRef/cluster",schemaPath:"#/properties/spec/properties/serviceRef/properties/cluster/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.serviceRef.properties.cluster.type,parentSchema:schema31.properties.spec.properties.serviceRef.properties.cluster,data:data10};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
if(data9.service !== undefined){
let data11 = data9.service;
if(typeof data11 === "string"){
if(func1(data11) > 768){
const err35 = {instancePath:instancePath+"/spec/serviceRef/service",schemaPath:"#/properties/spec/properties/serviceRef/properties/service/maxLength",keyword:"maxLength",params:{limit: 768},schema:768,parentSchema:schema31.properties.spec.properties.serviceRef.properties.service,data:data11};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if(func1(data11) < 1){
const err36 = {instancePath:instancePath+"/spec/serviceRef/service",schemaPath:"#/properties/spec/properties/serviceRef/properties/service/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.serviceRef.properties.service,data:data11};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
if(!pattern6.test(data11)){
const err37 = {instancePath:instancePath+"/spec/serviceRef/service",schemaPath:"#/properties/spec/properties/serviceRef/properties/service/pattern",keyword:"pattern",params:{pattern: "^(arn:[a-z0-9-]+:ecs:[a-z0-9-]+:[0-9]{12}:service/([a-zA-Z0-9_-]{1,255}/)?)?[a-zA-Z0-9_-]{1,255}$"},schema:"^(arn:[a-z0-9-]+:ecs:[a-z0-9-]+:[0-9]{12}:service/([a-zA-Z0-9_-]{1,255}/)?)?[a-zA-Z0-9_-]{1,255}$",parentSchema:schema31.properties.spec.properties.serviceRef.properties.service,data:data11};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
else {
const err38 = {instancePath:instancePath+"/spec/serviceRef/service",schemaPath:"#/properties/spec/properties/serviceRef/properties/service/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.serviceRef.properties.service.type,parentSchema:schema31.properties.spec.properties.serviceRef.properties.service,data:data11};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
}
else {
const err39 = {instancePath:instancePath+"/spec/serviceRef",schemaPath:"#/properties/spec/properties/serviceRef/type",keyword:"type",params:{type: "object"},schema:schema31.properties.spec.properties.serviceRef.type,parentSchema:schema31.properties.spec.properties.serviceRef,data:data9};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
if(data8.registry !== undefined){
let data12 = data8.registry;
if(data12 && typeof data12 == "object" && !Array.isArray(data12)){
if(data12.namespace === undefined){
const err40 = {instancePath:instancePath+"/spec/registry",schemaPath:"#/properties/spec/properties/registry/required",keyword:"required",params:{missingProperty: "namespace"},schema:schema31.properties.spec.properties.registry.required,parentSchema:schema31.properties.spec.properties.registry,data:data12};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
for(const key6 in data12){
if(!((((((((key6 === "namespace") || (key6 === "name")) || (key6 === "description")) || (key6 === "dnsRecord")) || (key6 === "routingPolicy")) || (key6 === "containerName")) || (key6 === "containerPort")) || (key6 === "adopt"))){
const err41 = {instancePath:instancePath+"/spec/registry",schemaPath:"#/properties/spec/properties/registry/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},schema:false,parentSchema:schema31.properties.spec.properties.registry,data:data12};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
if(data12.namespace !== undefined){
let data13 = data12.namespace;
if(typeof data13 === "string"){
if(func1(data13) > 1024){
const err42 = {instancePath:instancePath+"/spec/registry/namespace",schemaPath:"#/properties/spec/properties/registry/properties/namespace/maxLength",keyword:"maxLength",params:{limit: 1024},schema:1024,parentSchema:schema31.properties.spec.properties.registry.properties.namespace,data:data13};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
if(func1(data13) < 1){
const err43 = {instancePath:instancePath+"/spec/registry/namespace",schemaPath:"#/properties/spec/properties/registry/properties/namespace/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.registry.properties.namespace,data:data13};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
if(!pattern7.test(data13)){
const err44 = {instancePath:instancePath+"/spec/registry/namespace",schemaPath:"#/properties/spec/properties/registry/properties/namespace/pattern",keyword:"pattern",params:{pattern: "^[!-~]+$"},schema:"^[!-~]+$",parentSchema:schema31.properties.spec.properties.registry.properties.namespace,data:data13};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
else {
const err45 = {instancePath:instancePath+"/spec/registry/namespace",schemaPath:"#/properties/spec/properties/registry/properties/namespace/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.registry.properties.namespace.type,parentSchema:schema31.properties.spec.properties.registry.properties.namespace,data:data13};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
if(data12.name !== undefined){
let data14 = data12.name;
if(typeof data14 === "string"){
if(func1(data14) > 127){
const err46 = {instancePath:instancePath+"/spec/registry/name",schemaPath:"#/properties/spec/properties/registry/properties/name/maxLength",keyword:"maxLength",params:{limit: 127},schema:127,parentSchema:schema31.properties.spec.properties.registry.properties.name,data:data14};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
if(func1(data14) < 1){
const err47 = {instancePath:instancePath+"/spec/registry/name",schemaPath:"#/properties/spec/properties/registry/properties/name/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.registry.properties.name,data:data14};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
else {
const err48 = {instancePath:instancePath+"/spec/registry/name",schemaPath:"#/properties/spec/properties/registry/properties/name/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.registry.properties.name.type,parentSchema:schema31.properties.spec.properties.registry.properties.name,data:data14};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
if(data12.description !== undefined){
let data15 = data12.description;
if(typeof data15 === "string"){
if(func1(data15) > 1024){
const err49 = {instancePath:instancePath+"/spec/registry/description",schemaPath:"#/properties/spec/properties/registry/properties/description/maxLength",keyword:"maxLength",params:{limit: 1024},schema:1024,parentSchema:schema31.properties.spec.properties.registry.properties.description,data:data15};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
else {
const err50 = {instancePath:instancePath+"/spec/registry/description",schemaPath:"#/properties/spec/properties/registry/properties/description/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.registry.properties.description.type,parentSchema:schema31.properties.spec.properties.registry.properties.description,data:data15};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
if(data12.dnsRecord !== undefined){
let data16 = data12.dnsRecord;
if(data16 && typeof data16 == "object" && !Array.isArray(data16)){
for(const key7 in data16){
if(!((((key7 === "type") || (key7 === "ttl")) || (key7 === "containerName")) || (key7 === "containerPort"))){
const err51 = {instancePath:instancePath+"/spec/registry/dnsRecord",schemaPath:"#/properties/spec/properties/registry/properties/dnsRecord/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key7},schema:false,parentSchema:schema31.properties.spec.properties.registry.properties.dnsRecord,data:data16};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
if(data16.type !== undefined){
let data17 = data16.type;
if(typeof data17 !== "string"){
const err52 = {instancePath:instancePath+"/spec/registry/dnsRecord/type",schemaPath:"#/properties/spec/properties/registry/properties/dnsRecord/properties/type/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.registry.properties.dnsRecord.properties.type.type,parentSchema:schema31.properties.spec.properties.registry.properties.dnsRecord.properties.type,data:data17};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
if(!(((data17 === "A") || (data17 === "AAAA")) || (data17 === "SRV"))){
const err53 = {instancePath:instancePath+"/spec/registry/dnsRecord/type",schemaPath:"#/properties/spec/properties/registry/properties/dnsRecord/properties/type/enum",keyword:"enum",params:{allowedValues: schema31.properties.spec.properties.registry.properties.dnsRecord.properties.type.enum},schema:schema31.properties.spec.properties.registry.properties.dnsRecord.properties.type.enum,parentSchema:schema31.properties.spec.properties.registry.properties.dnsRecord.properties.type,data:data17};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
if(data16.ttl !== undefined){
let data18 = data16.ttl;
if(!(((typeof data18 == "number") && (!(data18 % 1) && !isNaN(data18))) && (isFinite(data18)))){
const err54 = {instancePath:instancePath+"/spec/registry/dnsRecord/ttl",schemaPath:"#/properties/spec/properties/registry/properties/dnsRecord/properties/ttl/type",keyword:"type",params:{type: "integer"},schema:schema31.properties.spec.properties.registry.properties.dnsRecord.properties.ttl.type,parentSchema:schema31.properties.spec.properties.registry.properties.dnsRecord.properties.ttl,data:data18};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
if((typeof data18 == "number") && (isFinite(data18))){
if(data18 > 2147483647 || isNaN(data18)){
const err55 = {instancePath:instancePath+"/spec/registry/dnsRecord/ttl",schemaPath:"#/properties/spec/properties/registry/properties/dnsRecord/properties/ttl/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},schema:2147483647,parentSchema:schema31.properties.spec.properties.registry.properties.dnsRecord.properties.ttl,data:data18};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
if(data18 < 0 || isNaN(data18)){
const err56 = {instancePath:instancePath+"/spec/registry/dnsRecord/ttl",schemaPath:"#/properties/spec/properties/registry/properties/dnsRecord/properties/ttl/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema31.properties.spec.properties.registry.properties.dnsRecord.properties.ttl,data:data18};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
}
if(data16.containerName !== undefined){
let data19 = data16.containerName;
if(typeof data19 === "string"){
if(func1(data19) > 255){
const err57 = {instancePath:instancePath+"/spec/registry/dnsRecord/containerName",schemaPath:"#/properties/spec/properties/registry/properties/dnsRecord/properties/containerName/maxLength",keyword:"maxLength",params:{limit: 255},schema:255,parentSchema:schema31.properties.spec.properties.registry.properties.dnsRecord.properties.containerName,data:data19};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
if(func1(data19) < 1){
const err58 = {instancePath:instancePath+"/spec/registry/dnsRecord/containerName",schemaPath:"#/properties/spec/properties/registry/properties/dnsRecord/properties/containerName/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.registry.properties.dnsRecord.properties.containerName,data:data19};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
if(!pattern8.test(data19)){
const err59 = {instancePath:instancePath+"/spec/registry/dnsRecord/containerName",schemaPath:"#/properties/spec/properties/registry/properties/dnsRecord/properties/containerName/pattern",keyword:"pattern",params:{pattern: "^[a-zA-Z0-9_-]+$"},schema:"^[a-zA-Z0-9_-]+$",parentSchema:schema31.properties.spec.properties.registry.properties.dnsRecord.properties.containerName,data:data19};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
else {
const err60 = {instancePath:instancePath+"/spec/registry/dnsRecord/containerName",schemaPath:"#/properties/spec/properties/registry/properties/dnsRecord/properties/containerName/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.registry.properties.dnsRecord.properties.containerName.type,parentSchema:schema31.properties.spec.properties.registry.properties.dnsRecord.properties.containerName,data:data19};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
if(data16.containerPort !== undefined){
let data20 = data16.containerPort;
if(!(((typeof data20 == "number") && (!(data20 % 1) && !isNaN(data20))) && (isFinite(data20)))){
const err61 = {instancePath:instancePath+"/spec/registry/dnsRecord/containerPort",schemaPath:"#/properties/spec/properties/registry/properties/dnsRecord/properties/containerPort/type",keyword:"type",params:{type: "integer"},schema:schema31.properties.spec.properties.registry.properties.dnsRecord.properties.containerPort.type,parentSchema:schema31.properties.spec.properties.registry.properties.dnsRecord.properties.containerPort,data:data20};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
if((typeof data20 == "number") && (isFinite(data20))){
if(data20 > 65535 || isNaN(data20)){
const err62 = {instancePath:instancePath+"/spec/registry/dnsRecord/containerPort",schemaPath:"#/properties/spec/properties/registry/properties/dnsRecord/properties/containerPort/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},schema:65535,parentSchema:schema31.properties.spec.properties.registry.properties.dnsRecord.properties.containerPort,data:data20};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
if(data20 < 1 || isNaN(data20)){
const err63 = {instancePath:instancePath+"/spec/registry/dnsRecord/containerPort",schemaPath:"#/properties/spec/properties/registry/properties/dnsRecord/properties/containerPort/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.registry.properties.dnsRecord.properties.containerPort,data:data20};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
}
}
else {
const err64 = {instancePath:instancePath+"/spec/registry/dnsRecord",schemaPath:"#/properties/spec/properties/registry/properties/dnsRecord/type",keyword:"type",params:{type: "object"},schema:schema31.properties.spec.properties.registry.properties.dnsRecord.type,parentSchema:schema31.properties.spec.properties.registry.properties.dnsRecord,data:data16};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
if(data12.routingPolicy !== undefined){
let data21 = data12.routingPolicy;
if(typeof data21 !== "string"){
const err65 = {instancePath:instancePath+"/spec/registry/routingPolicy",schemaPath:"#/properties/spec/properties/registry/properties/routingPolicy/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.registry.properties.routingPolicy.type,parentSchema:schema31.properties.spec.properties.registry.properties.routingPolicy,data:data21};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
if(!((data21 === "WEIGHTED") || (data21 === "MULTIVALUE"))){
const err66 = {instancePath:instancePath+"/spec/registry/routingPolicy",schemaPath:"#/properties/spec/properties/registry/properties/routingPolicy/enum",keyword:"enum",params:{allowedValues: schema31.properties.spec.properties.registry.properties.routingPolicy.enum},schema:schema31.properties.spec.properties.registry.properties.routingPolicy.enum,parentSchema:schema31.properties.spec.properties.registry.properties.routingPolicy,data:data21};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
if(data12.containerName !== undefined){
let data22 = data12.containerName;
if(typeof data22 === "string"){
if(func1(data22) > 255){
const err67 = {instancePath:instancePath+"/spec/registry/containerName",schemaPath:"#/properties/spec/properties/registry/properties/containerName/maxLength",keyword:"maxLength",params:{limit: 255},schema:255,parentSchema:schema31.properties.spec.properties.registry.properties.containerName,data:data22};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
if(func1(data22) < 1){
const err68 = {instancePath:instancePath+"/spec/registry/containerName",schemaPath:"#/properties/spec/properties/registry/properties/containerName/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.registry.properties.containerName,data:data22};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
if(!pattern8.test(data22)){
const err69 = {instancePath:instancePath+"/spec/registry/containerName",schemaPath:"#/properties/spec/properties/registry/properties/containerName/pattern",keyword:"pattern",params:{pattern: "^[a-zA-Z0-9_-]+$"},schema:"^[a-zA-Z0-9_-]+$",parentSchema:schema31.properties.spec.properties.registry.properties.containerName,data:data22};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
else {
const err70 = {instancePath:instancePath+"/spec/registry/containerName",schemaPath:"#/properties/spec/properties/registry/properties/containerName/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.registry.properties.containerName.type,parentSchema:schema31.properties.spec.properties.registry.properties.containerName,data:data22};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
if(data12.containerPort !== undefined){
let data23 = data12.containerPort;
if(!(((typeof data23 == "number") && (!(data23 % 1) && !isNaN(data23))) && (isFinite(data23)))){
const err71 = {instancePath:instancePath+"/spec/registry/containerPort",schemaPath:"#/properties/spec/properties/registry/properties/containerPort/type",keyword:"type",params:{type: "integer"},schema:schema31.properties.spec.properties.registry.properties.containerPort.type,parentSchema:schema31.properties.spec.properties.registry.properties.containerPort,data:data23};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
if((typeof data23 == "number") && (isFinite(data23))){
if(data23 > 65535 || isNaN(data23)){
const err72 = {instancePath:instancePath+"/spec/registry/containerPort",schemaPath:"#/properties/spec/properties/registry/properties/containerPort/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},schema:65535,parentSchema:schema31.properties.spec.properties.registry.properties.containerPort,data:data23};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
if(data23 < 1 || isNaN(data23)){
const err73 = {instancePath:instancePath+"/spec/registry/containerPort",schemaPath:"#/properties/spec/properties/registry/properties/containerPort/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.registry.properties.containerPort,data:data23};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
}
if(data12.adopt !== undefined){
let data24 = data12.adopt;
if(typeof data24 !== "boolean"){
const err74 = {instancePath:instancePath+"/spec/registry/adopt",schemaPath:"#/properties/spec/properties/registry/properties/adopt/type",keyword:"type",params:{type: "boolean"},schema:schema31.properties.spec.properties.registry.properties.adopt.type,parentSchema:schema31.properties.spec.properties.registry.properties.adopt,data:data24};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
}
else {
const err75 = {instancePath:instancePath+"/spec/registry",schemaPath:"#/properties/spec/properties/registry/type",keyword:"type",params:{type: "object"},schema:schema31.properties.spec.properties.registry.type,parentSchema:schema31.properties.spec.properties.registry,data:data12};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
if(data8.endpoints !== undefined){
let data25 = data8.endpoints;
if(Array.isArray(data25)){
if(data25.length > 20){
const err76 = {instancePath:instancePath+"/spec/endpoints",schemaPath:"#/properties/spec/properties/endpoints/maxItems",keyword:"maxItems",params:{limit: 20},schema:20,parentSchema:schema31.properties.spec.properties.endpoints,data:data25};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
if(data25.length < 1){
const err77 = {instancePath:instancePath+"/spec/endpoints",schemaPath:"#/properties/spec/properties/endpoints/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.endpoints,data:data25};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
const len0 = data25.length;
for(let i0=0; i0<len0; i0++){
let data26 = data25[i0];
if(data26 && typeof data26 == "object" && !Array.isArray(data26)){
if(data26.name === undefined){
const err78 = {instancePath:instancePath+"/spec/endpoints/" + i0,schemaPath:"#/properties/spec/properties/endpoints/items/required",keyword:"required",params:{missingProperty: "name"},schema:schema31.properties.spec.properties.endpoints.items.required,parentSchema:schema31.properties.spec.properties.endpoints.items,data:data26};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
for(const key8 in data26){
if(!(func5.call(schema31.properties.spec.properties.endpoints.items.properties, key8))){
const err79 = {instancePath:instancePath+"/spec/endpoints/" + i0,schemaPath:"#/properties/spec/properties/endpoints/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key8},schema:false,parentSchema:schema31.properties.spec.properties.endpoints.items,data:data26};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
if(data26.name !== undefined){
let data27 = data26.name;
if(typeof data27 === "string"){
if(func1(data27) > 63){
const err80 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/name",schemaPath:"#/properties/spec/properties/endpoints/items/properties/name/maxLength",keyword:"maxLength",params:{limit: 63},schema:63,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.name,data:data27};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
if(func1(data27) < 1){
const err81 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/name",schemaPath:"#/properties/spec/properties/endpoints/items/properties/name/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.name,data:data27};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
if(!pattern4.test(data27)){
const err82 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/name",schemaPath:"#/properties/spec/properties/endpoints/items/properties/name/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"},schema:"^[a-z0-9]([-a-z0-9]*[a-z0-9])?$",parentSchema:schema31.properties.spec.properties.endpoints.items.properties.name,data:data27};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
else {
const err83 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/name",schemaPath:"#/properties/spec/properties/endpoints/items/properties/name/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.name.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.name,data:data27};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
if(data26.portNumber !== undefined){
let data28 = data26.portNumber;
if(!(((typeof data28 == "number") && (!(data28 % 1) && !isNaN(data28))) && (isFinite(data28)))){
const err84 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/portNumber",schemaPath:"#/properties/spec/properties/endpoints/items/properties/portNumber/type",keyword:"type",params:{type: "integer"},schema:schema31.properties.spec.properties.endpoints.items.properties.portNumber.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.portNumber,data:data28};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
if((typeof data28 == "number") && (isFinite(data28))){
if(data28 > 65535 || isNaN(data28)){
const err85 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/portNumber",schemaPath:"#/properties/spec/properties/endpoints/items/properties/portNumber/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},schema:65535,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.portNumber,data:data28};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
if(data28 < 1 || isNaN(data28)){
const err86 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/portNumber",schemaPath:"#/properties/spec/properties/endpoints/items/properties/portNumber/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.portNumber,data:data28};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
}
if(data26.port !== undefined){
let data29 = data26.port;
if(typeof data29 === "string"){
if(func1(data29) > 64){
const err87 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/port",schemaPath:"#/properties/spec/properties/endpoints/items/properties/port/maxLength",keyword:"maxLength",params:{limit: 64},schema:64,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.port,data:data29};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
if(func1(data29) < 1){
const err88 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/port",schemaPath:"#/properties/spec/properties/endpoints/items/properties/port/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.port,data:data29};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
if(!pattern8.test(data29)){
const err89 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/port",schemaPath:"#/properties/spec/properties/endpoints/items/properties/port/pattern",keyword:"pattern",params:{pattern: "^[a-zA-Z0-9_-]+$"},schema:"^[a-zA-Z0-9_-]+$",parentSchema:schema31.properties.spec.properties.endpoints.items.properties.port,data:data29};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
else {
const err90 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/port",schemaPath:"#/properties/spec/properties/endpoints/items/properties/port/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.port.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.port,data:data29};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
if(data26.targetPort !== undefined){
let data30 = data26.targetPort;
if((!(((typeof data30 == "number") && (!(data30 % 1) && !isNaN(data30))) && (isFinite(data30)))) && (typeof data30 !== "string")){
const err91 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/targetPort",schemaPath:"#/properties/spec/properties/endpoints/items/properties/targetPort/type",keyword:"type",params:{type: schema31.properties.spec.properties.endpoints.items.properties.targetPort.type},schema:schema31.properties.spec.properties.endpoints.items.properties.targetPort.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.targetPort,data:data30};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
if(data26.path !== undefined){
let data31 = data26.path;
if(typeof data31 === "string"){
if(func1(data31) > 1024){
const err92 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/path",schemaPath:"#/properties/spec/properties/endpoints/items/properties/path/maxLength",keyword:"maxLength",params:{limit: 1024},schema:1024,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.path,data:data31};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
if(func1(data31) < 1){
const err93 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/path",schemaPath:"#/properties/spec/properties/endpoints/items/properties/path/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.path,data:data31};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
if(!pattern12.test(data31)){
const err94 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/path",schemaPath:"#/properties/spec/properties/endpoints/items/properties/path/pattern",keyword:"pattern",params:{pattern: "^/"},schema:"^/",parentSchema:schema31.properties.spec.properties.endpoints.items.properties.path,data:data31};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
}
else {
const err95 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/path",schemaPath:"#/properties/spec/properties/endpoints/items/properties/path/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.path.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.path,data:data31};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
if(data26.metricsPath !== undefined){
let data32 = data26.metricsPath;
if(typeof data32 === "string"){
if(func1(data32) > 1024){
const err96 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricsPath",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricsPath/maxLength",keyword:"maxLength",params:{limit: 1024},schema:1024,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricsPath,data:data32};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
if(func1(data32) < 1){
const err97 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricsPath",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricsPath/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricsPath,data:data32};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
if(!pattern12.test(data32)){
const err98 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricsPath",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricsPath/pattern",keyword:"pattern",params:{pattern: "^/"},schema:"^/",parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricsPath,data:data32};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
else {
const err99 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricsPath",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricsPath/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.metricsPath.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricsPath,data:data32};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
if(data26.scheme !== undefined){
let data33 = data26.scheme;
if(typeof data33 !== "string"){
const err100 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/scheme",schemaPath:"#/properties/spec/properties/endpoints/items/properties/scheme/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.scheme.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.scheme,data:data33};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
if(!((((data33 === "http") || (data33 === "https")) || (data33 === "HTTP")) || (data33 === "HTTPS"))){
const err101 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/scheme",schemaPath:"#/properties/spec/properties/endpoints/items/properties/scheme/enum",keyword:"enum",params:{allowedValues: schema31.properties.spec.properties.endpoints.items.properties.scheme.enum},schema:schema31.properties.spec.properties.endpoints.items.properties.scheme.enum,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.scheme,data:data33};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
}
if(data26.params !== undefined){
let data34 = data26.params;
if(data34 && typeof data34 == "object" && !Array.isArray(data34)){
if(Object.keys(data34).length > 32){
const err102 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/params",schemaPath:"#/properties/spec/properties/endpoints/items/properties/params/maxProperties",keyword:"maxProperties",params:{limit: 32},schema:32,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.params,data:data34};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
for(const key9 in data34){
let data35 = data34[key9];
if(Array.isArray(data35)){
if(data35.length > 64){
const err103 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/params/" + key9.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/spec/properties/endpoints/items/properties/params/additionalProperties/maxItems",keyword:"maxItems",params:{limit: 64},schema:64,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.params.additionalProperties,data:data35};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
if(data35.length < 1){
const err104 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/params/" + key9.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/spec/properties/endpoints/items/properties/params/additionalProperties/minItems",keyword:"minItems",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.params.additionalProperties,data:data35};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
const len1 = data35.length;
for(let i1=0; i1<len1; i1++){
let data36 = data35[i1];
if(typeof data36 === "string"){
if(func1(data36) > 4096){
const err105 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/params/" + key9.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i1,schemaPath:"#/properties/spec/properties/endpoints/items/properties/params/additionalProperties/items/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.params.additionalProperties.items,data:data36};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
}
else {
const err106 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/params/" + key9.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i1,schemaPath:"#/properties/spec/properties/endpoints/items/properties/params/additionalProperties/items/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.params.additionalProperties.items.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.params.additionalProperties.items,data:data36};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
}
}
else {
const err107 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/params/" + key9.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/spec/properties/endpoints/items/properties/params/additionalProperties/type",keyword:"type",params:{type: "array"},schema:schema31.properties.spec.properties.endpoints.items.properties.params.additionalProperties.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.params.additionalProperties,data:data35};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
}
}
else {
const err108 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/params",schemaPath:"#/properties/spec/properties/endpoints/items/properties/params/type",keyword:"type",params:{type: "object"},schema:schema31.properties.spec.properties.endpoints.items.properties.params.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.params,data:data34};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
}
if(data26.interval !== undefined){
let data37 = data26.interval;
if(typeof data37 === "string"){
if(func1(data37) > 64){
const err109 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/interval",schemaPath:"#/properties/spec/properties/endpoints/items/properties/interval/maxLength",keyword:"maxLength",params:{limit: 64},schema:64,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.interval,data:data37};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
if(!pattern14.test(data37)){
const err110 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/interval",schemaPath:"#/properties/spec/properties/endpoints/items/properties/interval/pattern",keyword:"pattern",params:{pattern: "^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$"},schema:"^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$",parentSchema:schema31.properties.spec.properties.endpoints.items.properties.interval,data:data37};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
}
else {
const err111 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/interval",schemaPath:"#/properties/spec/properties/endpoints/items/properties/interval/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.interval.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.interval,data:data37};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
}
if(data26.scrapeInterval !== undefined){
let data38 = data26.scrapeInterval;
if(typeof data38 === "string"){
if(func1(data38) > 64){
const err112 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/scrapeInterval",schemaPath:"#/properties/spec/properties/endpoints/items/properties/scrapeInterval/maxLength",keyword:"maxLength",params:{limit: 64},schema:64,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.scrapeInterval,data:data38};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
if(!pattern14.test(data38)){
const err113 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/scrapeInterval",schemaPath:"#/properties/spec/properties/endpoints/items/properties/scrapeInterval/pattern",keyword:"pattern",params:{pattern: "^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$"},schema:"^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$",parentSchema:schema31.properties.spec.properties.endpoints.items.properties.scrapeInterval,data:data38};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
}
else {
const err114 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/scrapeInterval",schemaPath:"#/properties/spec/properties/endpoints/items/properties/scrapeInterval/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.scrapeInterval.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.scrapeInterval,data:data38};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
}
if(data26.scrapeTimeout !== undefined){
let data39 = data26.scrapeTimeout;
if(typeof data39 === "string"){
if(func1(data39) > 64){
const err115 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/scrapeTimeout",schemaPath:"#/properties/spec/properties/endpoints/items/properties/scrapeTimeout/maxLength",keyword:"maxLength",params:{limit: 64},schema:64,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.scrapeTimeout,data:data39};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
if(!pattern14.test(data39)){
const err116 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/scrapeTimeout",schemaPath:"#/properties/spec/properties/endpoints/items/properties/scrapeTimeout/pattern",keyword:"pattern",params:{pattern: "^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$"},schema:"^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$",parentSchema:schema31.properties.spec.properties.endpoints.items.properties.scrapeTimeout,data:data39};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
}
else {
const err117 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/scrapeTimeout",schemaPath:"#/properties/spec/properties/endpoints/items/properties/scrapeTimeout/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.scrapeTimeout.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.scrapeTimeout,data:data39};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
}
if(data26.honorLabels !== undefined){
let data40 = data26.honorLabels;
if(typeof data40 !== "boolean"){
const err118 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/honorLabels",schemaPath:"#/properties/spec/properties/endpoints/items/properties/honorLabels/type",keyword:"type",params:{type: "boolean"},schema:schema31.properties.spec.properties.endpoints.items.properties.honorLabels.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.honorLabels,data:data40};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
}
if(data26.honorTimestamps !== undefined){
let data41 = data26.honorTimestamps;
if(typeof data41 !== "boolean"){
const err119 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/honorTimestamps",schemaPath:"#/properties/spec/properties/endpoints/items/properties/honorTimestamps/type",keyword:"type",params:{type: "boolean"},schema:schema31.properties.spec.properties.endpoints.items.properties.honorTimestamps.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.honorTimestamps,data:data41};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
}
if(data26.filterRunning !== undefined){
let data42 = data26.filterRunning;
if(typeof data42 !== "boolean"){
const err120 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/filterRunning",schemaPath:"#/properties/spec/properties/endpoints/items/properties/filterRunning/type",keyword:"type",params:{type: "boolean"},schema:schema31.properties.spec.properties.endpoints.items.properties.filterRunning.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.filterRunning,data:data42};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
}
if(data26.relabelings !== undefined){
let data43 = data26.relabelings;
if(Array.isArray(data43)){
if(data43.length > 100){
const err121 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings",schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/maxItems",keyword:"maxItems",params:{limit: 100},schema:100,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings,data:data43};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
const len2 = data43.length;
for(let i2=0; i2<len2; i2++){
let data44 = data43[i2];
if(data44 && typeof data44 == "object" && !Array.isArray(data44)){
for(const key10 in data44){
if(!(((((((key10 === "sourceLabels") || (key10 === "separator")) || (key10 === "targetLabel")) || (key10 === "regex")) || (key10 === "modulus")) || (key10 === "replacement")) || (key10 === "action"))){
const err122 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings/" + i2,schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key10},schema:false,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items,data:data44};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
}
if(data44.sourceLabels !== undefined){
let data45 = data44.sourceLabels;
if(Array.isArray(data45)){
if(data45.length > 64){
const err123 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings/" + i2+"/sourceLabels",schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/items/properties/sourceLabels/maxItems",keyword:"maxItems",params:{limit: 64},schema:64,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.sourceLabels,data:data45};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
const len3 = data45.length;
for(let i3=0; i3<len3; i3++){
let data46 = data45[i3];
if(typeof data46 === "string"){
if(func1(data46) > 1024){
const err124 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings/" + i2+"/sourceLabels/" + i3,schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/items/properties/sourceLabels/items/maxLength",keyword:"maxLength",params:{limit: 1024},schema:1024,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.sourceLabels.items,data:data46};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
}
else {
const err125 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings/" + i2+"/sourceLabels/" + i3,schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/items/properties/sourceLabels/items/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.sourceLabels.items.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.sourceLabels.items,data:data46};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
}
}
else {
const err126 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings/" + i2+"/sourceLabels",schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/items/properties/sourceLabels/type",keyword:"type",params:{type: "array"},schema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.sourceLabels.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.sourceLabels,data:data45};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
}
if(data44.separator !== undefined){
let data47 = data44.separator;
if(typeof data47 === "string"){
if(func1(data47) > 1024){
const err127 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings/" + i2+"/separator",schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/items/properties/separator/maxLength",keyword:"maxLength",params:{limit: 1024},schema:1024,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.separator,data:data47};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
}
else {
const err128 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings/" + i2+"/separator",schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/items/properties/separator/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.separator.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.separator,data:data47};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
}
if(data44.targetLabel !== undefined){
let data48 = data44.targetLabel;
if(typeof data48 === "string"){
if(func1(data48) > 1024){
const err129 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings/" + i2+"/targetLabel",schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/items/properties/targetLabel/maxLength",keyword:"maxLength",params:{limit: 1024},schema:1024,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.targetLabel,data:data48};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
}
else {
const err130 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings/" + i2+"/targetLabel",schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/items/properties/targetLabel/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.targetLabel.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.targetLabel,data:data48};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
}
if(data44.regex !== undefined){
let data49 = data44.regex;
if(typeof data49 === "string"){
if(func1(data49) > 4096){
const err131 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings/" + i2+"/regex",schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/items/properties/regex/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.regex,data:data49};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
}
else {
const err132 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings/" + i2+"/regex",schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/items/properties/regex/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.regex.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.regex,data:data49};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
}
if(data44.modulus !== undefined){
let data50 = data44.modulus;
if(!(((typeof data50 == "number") && (!(data50 % 1) && !isNaN(data50))) && (isFinite(data50)))){
const err133 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings/" + i2+"/modulus",schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/items/properties/modulus/type",keyword:"type",params:{type: "integer"},schema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.modulus.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.modulus,data:data50};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
if((typeof data50 == "number") && (isFinite(data50))){
if(data50 > 9007199254740991 || isNaN(data50)){
const err134 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings/" + i2+"/modulus",schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/items/properties/modulus/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},schema:9007199254740991,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.modulus,data:data50};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
if(data50 < 0 || isNaN(data50)){
const err135 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings/" + i2+"/modulus",schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/items/properties/modulus/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.modulus,data:data50};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
}
if(data44.replacement !== undefined){
let data51 = data44.replacement;
if(typeof data51 === "string"){
if(func1(data51) > 4096){
const err136 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings/" + i2+"/replacement",schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/items/properties/replacement/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.replacement,data:data51};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
}
else {
const err137 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings/" + i2+"/replacement",schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/items/properties/replacement/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.replacement.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.replacement,data:data51};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
}
if(data44.action !== undefined){
let data52 = data44.action;
if(typeof data52 !== "string"){
const err138 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings/" + i2+"/action",schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/items/properties/action/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.action.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.action,data:data52};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
if(!((((((((((((((((((((((data52 === "replace") || (data52 === "keep")) || (data52 === "drop")) || (data52 === "keepequal")) || (data52 === "dropequal")) || (data52 === "hashmod")) || (data52 === "labelmap")) || (data52 === "labeldrop")) || (data52 === "labelkeep")) || (data52 === "lowercase")) || (data52 === "uppercase")) || (data52 === "Replace")) || (data52 === "Keep")) || (data52 === "Drop")) || (data52 === "KeepEqual")) || (data52 === "DropEqual")) || (data52 === "HashMod")) || (data52 === "LabelMap")) || (data52 === "LabelDrop")) || (data52 === "LabelKeep")) || (data52 === "Lowercase")) || (data52 === "Uppercase"))){
const err139 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings/" + i2+"/action",schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/items/properties/action/enum",keyword:"enum",params:{allowedValues: schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.action.enum},schema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.action.enum,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.properties.action,data:data52};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
}
}
else {
const err140 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings/" + i2,schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/items/type",keyword:"type",params:{type: "object"},schema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.items,data:data44};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
}
}
else {
const err141 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/relabelings",schemaPath:"#/properties/spec/properties/endpoints/items/properties/relabelings/type",keyword:"type",params:{type: "array"},schema:schema31.properties.spec.properties.endpoints.items.properties.relabelings.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.relabelings,data:data43};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
}
if(data26.metricRelabelings !== undefined){
let data53 = data26.metricRelabelings;
if(Array.isArray(data53)){
if(data53.length > 100){
const err142 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/maxItems",keyword:"maxItems",params:{limit: 100},schema:100,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings,data:data53};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
const len4 = data53.length;
for(let i4=0; i4<len4; i4++){
let data54 = data53[i4];
if(data54 && typeof data54 == "object" && !Array.isArray(data54)){
for(const key11 in data54){
if(!(((((((key11 === "sourceLabels") || (key11 === "separator")) || (key11 === "targetLabel")) || (key11 === "regex")) || (key11 === "modulus")) || (key11 === "replacement")) || (key11 === "action"))){
const err143 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings/" + i4,schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key11},schema:false,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items,data:data54};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
}
if(data54.sourceLabels !== undefined){
let data55 = data54.sourceLabels;
if(Array.isArray(data55)){
if(data55.length > 64){
const err144 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings/" + i4+"/sourceLabels",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/items/properties/sourceLabels/maxItems",keyword:"maxItems",params:{limit: 64},schema:64,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.sourceLabels,data:data55};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
const len5 = data55.length;
for(let i5=0; i5<len5; i5++){
let data56 = data55[i5];
if(typeof data56 === "string"){
if(func1(data56) > 1024){
const err145 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings/" + i4+"/sourceLabels/" + i5,schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/items/properties/sourceLabels/items/maxLength",keyword:"maxLength",params:{limit: 1024},schema:1024,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.sourceLabels.items,data:data56};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
}
else {
const err146 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings/" + i4+"/sourceLabels/" + i5,schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/items/properties/sourceLabels/items/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.sourceLabels.items.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.sourceLabels.items,data:data56};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
}
}
else {
const err147 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings/" + i4+"/sourceLabels",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/items/properties/sourceLabels/type",keyword:"type",params:{type: "array"},schema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.sourceLabels.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.sourceLabels,data:data55};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
}
if(data54.separator !== undefined){
let data57 = data54.separator;
if(typeof data57 === "string"){
if(func1(data57) > 1024){
const err148 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings/" + i4+"/separator",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/items/properties/separator/maxLength",keyword:"maxLength",params:{limit: 1024},schema:1024,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.separator,data:data57};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
}
else {
const err149 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings/" + i4+"/separator",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/items/properties/separator/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.separator.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.separator,data:data57};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
}
if(data54.targetLabel !== undefined){
let data58 = data54.targetLabel;
if(typeof data58 === "string"){
if(func1(data58) > 1024){
const err150 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings/" + i4+"/targetLabel",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/items/properties/targetLabel/maxLength",keyword:"maxLength",params:{limit: 1024},schema:1024,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.targetLabel,data:data58};
if(vErrors === null){
vErrors = [err150];
}
else {
vErrors.push(err150);
}
errors++;
}
}
else {
const err151 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings/" + i4+"/targetLabel",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/items/properties/targetLabel/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.targetLabel.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.targetLabel,data:data58};
if(vErrors === null){
vErrors = [err151];
}
else {
vErrors.push(err151);
}
errors++;
}
}
if(data54.regex !== undefined){
let data59 = data54.regex;
if(typeof data59 === "string"){
if(func1(data59) > 4096){
const err152 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings/" + i4+"/regex",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/items/properties/regex/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.regex,data:data59};
if(vErrors === null){
vErrors = [err152];
}
else {
vErrors.push(err152);
}
errors++;
}
}
else {
const err153 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings/" + i4+"/regex",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/items/properties/regex/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.regex.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.regex,data:data59};
if(vErrors === null){
vErrors = [err153];
}
else {
vErrors.push(err153);
}
errors++;
}
}
if(data54.modulus !== undefined){
let data60 = data54.modulus;
if(!(((typeof data60 == "number") && (!(data60 % 1) && !isNaN(data60))) && (isFinite(data60)))){
const err154 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings/" + i4+"/modulus",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/items/properties/modulus/type",keyword:"type",params:{type: "integer"},schema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.modulus.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.modulus,data:data60};
if(vErrors === null){
vErrors = [err154];
}
else {
vErrors.push(err154);
}
errors++;
}
if((typeof data60 == "number") && (isFinite(data60))){
if(data60 > 9007199254740991 || isNaN(data60)){
const err155 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings/" + i4+"/modulus",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/items/properties/modulus/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},schema:9007199254740991,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.modulus,data:data60};
if(vErrors === null){
vErrors = [err155];
}
else {
vErrors.push(err155);
}
errors++;
}
if(data60 < 0 || isNaN(data60)){
const err156 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings/" + i4+"/modulus",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/items/properties/modulus/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.modulus,data:data60};
if(vErrors === null){
vErrors = [err156];
}
else {
vErrors.push(err156);
}
errors++;
}
}
}
if(data54.replacement !== undefined){
let data61 = data54.replacement;
if(typeof data61 === "string"){
if(func1(data61) > 4096){
const err157 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings/" + i4+"/replacement",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/items/properties/replacement/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.replacement,data:data61};
if(vErrors === null){
vErrors = [err157];
}
else {
vErrors.push(err157);
}
errors++;
}
}
else {
const err158 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings/" + i4+"/replacement",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/items/properties/replacement/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.replacement.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.replacement,data:data61};
if(vErrors === null){
vErrors = [err158];
}
else {
vErrors.push(err158);
}
errors++;
}
}
if(data54.action !== undefined){
let data62 = data54.action;
if(typeof data62 !== "string"){
const err159 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings/" + i4+"/action",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/items/properties/action/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.action.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.action,data:data62};
if(vErrors === null){
vErrors = [err159];
}
else {
vErrors.push(err159);
}
errors++;
}
if(!((((((((((((((((((((((data62 === "replace") || (data62 === "keep")) || (data62 === "drop")) || (data62 === "keepequal")) || (data62 === "dropequal")) || (data62 === "hashmod")) || (data62 === "labelmap")) || (data62 === "labeldrop")) || (data62 === "labelkeep")) || (data62 === "lowercase")) || (data62 === "uppercase")) || (data62 === "Replace")) || (data62 === "Keep")) || (data62 === "Drop")) || (data62 === "KeepEqual")) || (data62 === "DropEqual")) || (data62 === "HashMod")) || (data62 === "LabelMap")) || (data62 === "LabelDrop")) || (data62 === "LabelKeep")) || (data62 === "Lowercase")) || (data62 === "Uppercase"))){
const err160 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings/" + i4+"/action",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/items/properties/action/enum",keyword:"enum",params:{allowedValues: schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.action.enum},schema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.action.enum,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.properties.action,data:data62};
if(vErrors === null){
vErrors = [err160];
}
else {
vErrors.push(err160);
}
errors++;
}
}
}
else {
const err161 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings/" + i4,schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/items/type",keyword:"type",params:{type: "object"},schema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.items,data:data54};
if(vErrors === null){
vErrors = [err161];
}
else {
vErrors.push(err161);
}
errors++;
}
}
}
else {
const err162 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/metricRelabelings",schemaPath:"#/properties/spec/properties/endpoints/items/properties/metricRelabelings/type",keyword:"type",params:{type: "array"},schema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.metricRelabelings,data:data53};
if(vErrors === null){
vErrors = [err162];
}
else {
vErrors.push(err162);
}
errors++;
}
}
if(data26.tlsConfig !== undefined){
let data63 = data26.tlsConfig;
if(data63 && typeof data63 == "object" && !Array.isArray(data63)){
for(const key12 in data63){
if(!(((((((key12 === "caFile") || (key12 === "certFile")) || (key12 === "keyFile")) || (key12 === "serverName")) || (key12 === "insecureSkipVerify")) || (key12 === "minVersion")) || (key12 === "maxVersion"))){
const err163 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/tlsConfig",schemaPath:"#/properties/spec/properties/endpoints/items/properties/tlsConfig/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key12},schema:false,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig,data:data63};
if(vErrors === null){
vErrors = [err163];
}
else {
vErrors.push(err163);
}
errors++;
}
}
if(data63.caFile !== undefined){
let data64 = data63.caFile;
if(typeof data64 === "string"){
if(func1(data64) > 1024){
const err164 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/tlsConfig/caFile",schemaPath:"#/properties/spec/properties/endpoints/items/properties/tlsConfig/properties/caFile/maxLength",keyword:"maxLength",params:{limit: 1024},schema:1024,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.caFile,data:data64};
if(vErrors === null){
vErrors = [err164];
}
else {
vErrors.push(err164);
}
errors++;
}
if(func1(data64) < 1){
const err165 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/tlsConfig/caFile",schemaPath:"#/properties/spec/properties/endpoints/items/properties/tlsConfig/properties/caFile/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.caFile,data:data64};
if(vErrors === null){
vErrors = [err165];
}
else {
vErrors.push(err165);
}
errors++;
}
}
else {
const err166 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/tlsConfig/caFile",schemaPath:"#/properties/spec/properties/endpoints/items/properties/tlsConfig/properties/caFile/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.caFile.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.caFile,data:data64};
if(vErrors === null){
vErrors = [err166];
}
else {
vErrors.push(err166);
}
errors++;
}
}
if(data63.certFile !== undefined){
let data65 = data63.certFile;
if(typeof data65 === "string"){
if(func1(data65) > 1024){
const err167 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/tlsConfig/certFile",schemaPath:"#/properties/spec/properties/endpoints/items/properties/tlsConfig/properties/certFile/maxLength",keyword:"maxLength",params:{limit: 1024},schema:1024,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.certFile,data:data65};
if(vErrors === null){
vErrors = [err167];
}
else {
vErrors.push(err167);
}
errors++;
}
if(func1(data65) < 1){
const err168 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/tlsConfig/certFile",schemaPath:"#/properties/spec/properties/endpoints/items/properties/tlsConfig/properties/certFile/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.certFile,data:data65};
if(vErrors === null){
vErrors = [err168];
}
else {
vErrors.push(err168);
}
errors++;
}
}
else {
const err169 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/tlsConfig/certFile",schemaPath:"#/properties/spec/properties/endpoints/items/properties/tlsConfig/properties/certFile/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.certFile.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.certFile,data:data65};
if(vErrors === null){
vErrors = [err169];
}
else {
vErrors.push(err169);
}
errors++;
}
}
if(data63.keyFile !== undefined){
let data66 = data63.keyFile;
if(typeof data66 === "string"){
if(func1(data66) > 1024){
const err170 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/tlsConfig/keyFile",schemaPath:"#/properties/spec/properties/endpoints/items/properties/tlsConfig/properties/keyFile/maxLength",keyword:"maxLength",params:{limit: 1024},schema:1024,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.keyFile,data:data66};
if(vErrors === null){
vErrors = [err170];
}
else {
vErrors.push(err170);
}
errors++;
}
if(func1(data66) < 1){
const err171 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/tlsConfig/keyFile",schemaPath:"#/properties/spec/properties/endpoints/items/properties/tlsConfig/properties/keyFile/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.keyFile,data:data66};
if(vErrors === null){
vErrors = [err171];
}
else {
vErrors.push(err171);
}
errors++;
}
}
else {
const err172 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/tlsConfig/keyFile",schemaPath:"#/properties/spec/properties/endpoints/items/properties/tlsConfig/properties/keyFile/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.keyFile.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.keyFile,data:data66};
if(vErrors === null){
vErrors = [err172];
}
else {
vErrors.push(err172);
}
errors++;
}
}
if(data63.serverName !== undefined){
let data67 = data63.serverName;
if(typeof data67 === "string"){
if(func1(data67) > 253){
const err173 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/tlsConfig/serverName",schemaPath:"#/properties/spec/properties/endpoints/items/properties/tlsConfig/properties/serverName/maxLength",keyword:"maxLength",params:{limit: 253},schema:253,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.serverName,data:data67};
if(vErrors === null){
vErrors = [err173];
}
else {
vErrors.push(err173);
}
errors++;
}
if(func1(data67) < 1){
const err174 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/tlsConfig/serverName",schemaPath:"#/properties/spec/properties/endpoints/items/properties/tlsConfig/properties/serverName/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.serverName,data:data67};
if(vErrors === null){
vErrors = [err174];
}
else {
vErrors.push(err174);
}
errors++;
}
}
else {
const err175 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/tlsConfig/serverName",schemaPath:"#/properties/spec/properties/endpoints/items/properties/tlsConfig/properties/serverName/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.serverName.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.serverName,data:data67};
if(vErrors === null){
vErrors = [err175];
}
else {
vErrors.push(err175);
}
errors++;
}
}
if(data63.insecureSkipVerify !== undefined){
let data68 = data63.insecureSkipVerify;
if(typeof data68 !== "boolean"){
const err176 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/tlsConfig/insecureSkipVerify",schemaPath:"#/properties/spec/properties/endpoints/items/properties/tlsConfig/properties/insecureSkipVerify/type",keyword:"type",params:{type: "boolean"},schema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.insecureSkipVerify.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.insecureSkipVerify,data:data68};
if(vErrors === null){
vErrors = [err176];
}
else {
vErrors.push(err176);
}
errors++;
}
}
if(data63.minVersion !== undefined){
let data69 = data63.minVersion;
if(typeof data69 !== "string"){
const err177 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/tlsConfig/minVersion",schemaPath:"#/properties/spec/properties/endpoints/items/properties/tlsConfig/properties/minVersion/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.minVersion.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.minVersion,data:data69};
if(vErrors === null){
vErrors = [err177];
}
else {
vErrors.push(err177);
}
errors++;
}
if(!((((data69 === "TLS10") || (data69 === "TLS11")) || (data69 === "TLS12")) || (data69 === "TLS13"))){
const err178 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/tlsConfig/minVersion",schemaPath:"#/properties/spec/properties/endpoints/items/properties/tlsConfig/properties/minVersion/enum",keyword:"enum",params:{allowedValues: schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.minVersion.enum},schema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.minVersion.enum,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.minVersion,data:data69};
if(vErrors === null){
vErrors = [err178];
}
else {
vErrors.push(err178);
}
errors++;
}
}
if(data63.maxVersion !== undefined){
let data70 = data63.maxVersion;
if(typeof data70 !== "string"){
const err179 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/tlsConfig/maxVersion",schemaPath:"#/properties/spec/properties/endpoints/items/properties/tlsConfig/properties/maxVersion/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.maxVersion.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.maxVersion,data:data70};
if(vErrors === null){
vErrors = [err179];
}
else {
vErrors.push(err179);
}
errors++;
}
if(!((((data70 === "TLS10") || (data70 === "TLS11")) || (data70 === "TLS12")) || (data70 === "TLS13"))){
const err180 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/tlsConfig/maxVersion",schemaPath:"#/properties/spec/properties/endpoints/items/properties/tlsConfig/properties/maxVersion/enum",keyword:"enum",params:{allowedValues: schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.maxVersion.enum},schema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.maxVersion.enum,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.properties.maxVersion,data:data70};
if(vErrors === null){
vErrors = [err180];
}
else {
vErrors.push(err180);
}
errors++;
}
}
}
else {
const err181 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/tlsConfig",schemaPath:"#/properties/spec/properties/endpoints/items/properties/tlsConfig/type",keyword:"type",params:{type: "object"},schema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.tlsConfig,data:data63};
if(vErrors === null){
vErrors = [err181];
}
else {
vErrors.push(err181);
}
errors++;
}
}
if(data26.basicAuth !== undefined){
let data71 = data26.basicAuth;
if(data71 && typeof data71 == "object" && !Array.isArray(data71)){
if(data71.username === undefined){
const err182 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/basicAuth",schemaPath:"#/properties/spec/properties/endpoints/items/properties/basicAuth/required",keyword:"required",params:{missingProperty: "username"},schema:schema31.properties.spec.properties.endpoints.items.properties.basicAuth.required,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.basicAuth,data:data71};
if(vErrors === null){
vErrors = [err182];
}
else {
vErrors.push(err182);
}
errors++;
}
if(data71.passwordFile === undefined){
const err183 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/basicAuth",schemaPath:"#/properties/spec/properties/endpoints/items/properties/basicAuth/required",keyword:"required",params:{missingProperty: "passwordFile"},schema:schema31.properties.spec.properties.endpoints.items.properties.basicAuth.required,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.basicAuth,data:data71};
if(vErrors === null){
vErrors = [err183];
}
else {
vErrors.push(err183);
}
errors++;
}
for(const key13 in data71){
if(!((key13 === "username") || (key13 === "passwordFile"))){
const err184 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/basicAuth",schemaPath:"#/properties/spec/properties/endpoints/items/properties/basicAuth/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key13},schema:false,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.basicAuth,data:data71};
if(vErrors === null){
vErrors = [err184];
}
else {
vErrors.push(err184);
}
errors++;
}
}
if(data71.username !== undefined){
let data72 = data71.username;
if(typeof data72 === "string"){
if(func1(data72) > 1024){
const err185 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/basicAuth/username",schemaPath:"#/properties/spec/properties/endpoints/items/properties/basicAuth/properties/username/maxLength",keyword:"maxLength",params:{limit: 1024},schema:1024,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.basicAuth.properties.username,data:data72};
if(vErrors === null){
vErrors = [err185];
}
else {
vErrors.push(err185);
}
errors++;
}
if(func1(data72) < 1){
const err186 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/basicAuth/username",schemaPath:"#/properties/spec/properties/endpoints/items/properties/basicAuth/properties/username/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.basicAuth.properties.username,data:data72};
if(vErrors === null){
vErrors = [err186];
}
else {
vErrors.push(err186);
}
errors++;
}
}
else {
const err187 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/basicAuth/username",schemaPath:"#/properties/spec/properties/endpoints/items/properties/basicAuth/properties/username/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.basicAuth.properties.username.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.basicAuth.properties.username,data:data72};
if(vErrors === null){
vErrors = [err187];
}
else {
vErrors.push(err187);
}
errors++;
}
}
if(data71.passwordFile !== undefined){
let data73 = data71.passwordFile;
if(typeof data73 === "string"){
if(func1(data73) > 1024){
const err188 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/basicAuth/passwordFile",schemaPath:"#/properties/spec/properties/endpoints/items/properties/basicAuth/properties/passwordFile/maxLength",keyword:"maxLength",params:{limit: 1024},schema:1024,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.basicAuth.properties.passwordFile,data:data73};
if(vErrors === null){
vErrors = [err188];
}
else {
vErrors.push(err188);
}
errors++;
}
if(func1(data73) < 1){
const err189 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/basicAuth/passwordFile",schemaPath:"#/properties/spec/properties/endpoints/items/properties/basicAuth/properties/passwordFile/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.basicAuth.properties.passwordFile,data:data73};
if(vErrors === null){
vErrors = [err189];
}
else {
vErrors.push(err189);
}
errors++;
}
}
else {
const err190 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/basicAuth/passwordFile",schemaPath:"#/properties/spec/properties/endpoints/items/properties/basicAuth/properties/passwordFile/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.basicAuth.properties.passwordFile.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.basicAuth.properties.passwordFile,data:data73};
if(vErrors === null){
vErrors = [err190];
}
else {
vErrors.push(err190);
}
errors++;
}
}
}
else {
const err191 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/basicAuth",schemaPath:"#/properties/spec/properties/endpoints/items/properties/basicAuth/type",keyword:"type",params:{type: "object"},schema:schema31.properties.spec.properties.endpoints.items.properties.basicAuth.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.basicAuth,data:data71};
if(vErrors === null){
vErrors = [err191];
}
else {
vErrors.push(err191);
}
errors++;
}
}
if(data26.authorization !== undefined){
let data74 = data26.authorization;
if(data74 && typeof data74 == "object" && !Array.isArray(data74)){
if(data74.credentialsFile === undefined){
const err192 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/authorization",schemaPath:"#/properties/spec/properties/endpoints/items/properties/authorization/required",keyword:"required",params:{missingProperty: "credentialsFile"},schema:schema31.properties.spec.properties.endpoints.items.properties.authorization.required,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.authorization,data:data74};
if(vErrors === null){
vErrors = [err192];
}
else {
vErrors.push(err192);
}
errors++;
}
for(const key14 in data74){
if(!((key14 === "type") || (key14 === "credentialsFile"))){
const err193 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/authorization",schemaPath:"#/properties/spec/properties/endpoints/items/properties/authorization/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key14},schema:false,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.authorization,data:data74};
if(vErrors === null){
vErrors = [err193];
}
else {
vErrors.push(err193);
}
errors++;
}
}
if(data74.type !== undefined){
let data75 = data74.type;
if(typeof data75 === "string"){
if(func1(data75) > 256){
const err194 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/authorization/type",schemaPath:"#/properties/spec/properties/endpoints/items/properties/authorization/properties/type/maxLength",keyword:"maxLength",params:{limit: 256},schema:256,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.authorization.properties.type,data:data75};
if(vErrors === null){
vErrors = [err194];
}
else {
vErrors.push(err194);
}
errors++;
}
if(func1(data75) < 1){
const err195 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/authorization/type",schemaPath:"#/properties/spec/properties/endpoints/items/properties/authorization/properties/type/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.authorization.properties.type,data:data75};
if(vErrors === null){
vErrors = [err195];
}
else {
vErrors.push(err195);
}
errors++;
}
if(!pattern17.test(data75)){
const err196 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/authorization/type",schemaPath:"#/properties/spec/properties/endpoints/items/properties/authorization/properties/type/pattern",keyword:"pattern",params:{pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$"},schema:"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",parentSchema:schema31.properties.spec.properties.endpoints.items.properties.authorization.properties.type,data:data75};
if(vErrors === null){
vErrors = [err196];
}
else {
vErrors.push(err196);
}
errors++;
}
}
else {
const err197 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/authorization/type",schemaPath:"#/properties/spec/properties/endpoints/items/properties/authorization/properties/type/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.authorization.properties.type.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.authorization.properties.type,data:data75};
if(vErrors === null){
vErrors = [err197];
}
else {
vErrors.push(err197);
}
errors++;
}
}
if(data74.credentialsFile !== undefined){
let data76 = data74.credentialsFile;
if(typeof data76 === "string"){
if(func1(data76) > 1024){
const err198 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/authorization/credentialsFile",schemaPath:"#/properties/spec/properties/endpoints/items/properties/authorization/properties/credentialsFile/maxLength",keyword:"maxLength",params:{limit: 1024},schema:1024,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.authorization.properties.credentialsFile,data:data76};
if(vErrors === null){
vErrors = [err198];
}
else {
vErrors.push(err198);
}
errors++;
}
if(func1(data76) < 1){
const err199 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/authorization/credentialsFile",schemaPath:"#/properties/spec/properties/endpoints/items/properties/authorization/properties/credentialsFile/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.authorization.properties.credentialsFile,data:data76};
if(vErrors === null){
vErrors = [err199];
}
else {
vErrors.push(err199);
}
errors++;
}
}
else {
const err200 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/authorization/credentialsFile",schemaPath:"#/properties/spec/properties/endpoints/items/properties/authorization/properties/credentialsFile/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.endpoints.items.properties.authorization.properties.credentialsFile.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.authorization.properties.credentialsFile,data:data76};
if(vErrors === null){
vErrors = [err200];
}
else {
vErrors.push(err200);
}
errors++;
}
}
}
else {
const err201 = {instancePath:instancePath+"/spec/endpoints/" + i0+"/authorization",schemaPath:"#/properties/spec/properties/endpoints/items/properties/authorization/type",keyword:"type",params:{type: "object"},schema:schema31.properties.spec.properties.endpoints.items.properties.authorization.type,parentSchema:schema31.properties.spec.properties.endpoints.items.properties.authorization,data:data74};
if(vErrors === null){
vErrors = [err201];
}
else {
vErrors.push(err201);
}
errors++;
}
}
}
else {
const err202 = {instancePath:instancePath+"/spec/endpoints/" + i0,schemaPath:"#/properties/spec/properties/endpoints/items/type",keyword:"type",params:{type: "object"},schema:schema31.properties.spec.properties.endpoints.items.type,parentSchema:schema31.properties.spec.properties.endpoints.items,data:data26};
if(vErrors === null){
vErrors = [err202];
}
else {
vErrors.push(err202);
}
errors++;
}
}
}
else {
const err203 = {instancePath:instancePath+"/spec/endpoints",schemaPath:"#/properties/spec/properties/endpoints/type",keyword:"type",params:{type: "array"},schema:schema31.properties.spec.properties.endpoints.type,parentSchema:schema31.properties.spec.properties.endpoints,data:data25};
if(vErrors === null){
vErrors = [err203];
}
else {
vErrors.push(err203);
}
errors++;
}
}
if(data8.targetLabels !== undefined){
let data77 = data8.targetLabels;
if(Array.isArray(data77)){
if(data77.length > 50){
const err204 = {instancePath:instancePath+"/spec/targetLabels",schemaPath:"#/properties/spec/properties/targetLabels/maxItems",keyword:"maxItems",params:{limit: 50},schema:50,parentSchema:schema31.properties.spec.properties.targetLabels,data:data77};
if(vErrors === null){
vErrors = [err204];
}
else {
vErrors.push(err204);
}
errors++;
}
const len6 = data77.length;
for(let i6=0; i6<len6; i6++){
let data78 = data77[i6];
if(typeof data78 === "string"){
if(func1(data78) > 128){
const err205 = {instancePath:instancePath+"/spec/targetLabels/" + i6,schemaPath:"#/properties/spec/properties/targetLabels/items/maxLength",keyword:"maxLength",params:{limit: 128},schema:128,parentSchema:schema31.properties.spec.properties.targetLabels.items,data:data78};
if(vErrors === null){
vErrors = [err205];
}
else {
vErrors.push(err205);
}
errors++;
}
if(func1(data78) < 1){
const err206 = {instancePath:instancePath+"/spec/targetLabels/" + i6,schemaPath:"#/properties/spec/properties/targetLabels/items/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.targetLabels.items,data:data78};
if(vErrors === null){
vErrors = [err206];
}
else {
vErrors.push(err206);
}
errors++;
}
if(!pattern18.test(data78)){
const err207 = {instancePath:instancePath+"/spec/targetLabels/" + i6,schemaPath:"#/properties/spec/properties/targetLabels/items/pattern",keyword:"pattern",params:{pattern: "^[\\p{L}\\p{N} +=._:/@-]+$"},schema:"^[\\p{L}\\p{N} +=._:/@-]+$",parentSchema:schema31.properties.spec.properties.targetLabels.items,data:data78};
if(vErrors === null){
vErrors = [err207];
}
else {
vErrors.push(err207);
}
errors++;
}
}
else {
const err208 = {instancePath:instancePath+"/spec/targetLabels/" + i6,schemaPath:"#/properties/spec/properties/targetLabels/items/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.targetLabels.items.type,parentSchema:schema31.properties.spec.properties.targetLabels.items,data:data78};
if(vErrors === null){
vErrors = [err208];
}
else {
vErrors.push(err208);
}
errors++;
}
}
}
else {
const err209 = {instancePath:instancePath+"/spec/targetLabels",schemaPath:"#/properties/spec/properties/targetLabels/type",keyword:"type",params:{type: "array"},schema:schema31.properties.spec.properties.targetLabels.type,parentSchema:schema31.properties.spec.properties.targetLabels,data:data77};
if(vErrors === null){
vErrors = [err209];
}
else {
vErrors.push(err209);
}
errors++;
}
}
if(data8.jobLabel !== undefined){
let data79 = data8.jobLabel;
if(typeof data79 === "string"){
if(func1(data79) > 128){
const err210 = {instancePath:instancePath+"/spec/jobLabel",schemaPath:"#/properties/spec/properties/jobLabel/maxLength",keyword:"maxLength",params:{limit: 128},schema:128,parentSchema:schema31.properties.spec.properties.jobLabel,data:data79};
if(vErrors === null){
vErrors = [err210];
}
else {
vErrors.push(err210);
}
errors++;
}
if(func1(data79) < 1){
const err211 = {instancePath:instancePath+"/spec/jobLabel",schemaPath:"#/properties/spec/properties/jobLabel/minLength",keyword:"minLength",params:{limit: 1},schema:1,parentSchema:schema31.properties.spec.properties.jobLabel,data:data79};
if(vErrors === null){
vErrors = [err211];
}
else {
vErrors.push(err211);
}
errors++;
}
if(!pattern18.test(data79)){
const err212 = {instancePath:instancePath+"/spec/jobLabel",schemaPath:"#/properties/spec/properties/jobLabel/pattern",keyword:"pattern",params:{pattern: "^[\\p{L}\\p{N} +=._:/@-]+$"},schema:"^[\\p{L}\\p{N} +=._:/@-]+$",parentSchema:schema31.properties.spec.properties.jobLabel,data:data79};
if(vErrors === null){
vErrors = [err212];
}
else {
vErrors.push(err212);
}
errors++;
}
}
else {
const err213 = {instancePath:instancePath+"/spec/jobLabel",schemaPath:"#/properties/spec/properties/jobLabel/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.jobLabel.type,parentSchema:schema31.properties.spec.properties.jobLabel,data:data79};
if(vErrors === null){
vErrors = [err213];
}
else {
vErrors.push(err213);
}
errors++;
}
}
if(data8.labels !== undefined){
let data80 = data8.labels;
if(data80 && typeof data80 == "object" && !Array.isArray(data80)){
if(Object.keys(data80).length > 64){
const err214 = {instancePath:instancePath+"/spec/labels",schemaPath:"#/properties/spec/properties/labels/maxProperties",keyword:"maxProperties",params:{limit: 64},schema:64,parentSchema:schema31.properties.spec.properties.labels,data:data80};
if(vErrors === null){
vErrors = [err214];
}
else {
vErrors.push(err214);
}
errors++;
}
for(const key15 in data80){
let data81 = data80[key15];
if(typeof data81 === "string"){
if(func1(data81) > 4096){
const err215 = {instancePath:instancePath+"/spec/labels/" + key15.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/spec/properties/labels/additionalProperties/maxLength",keyword:"maxLength",params:{limit: 4096},schema:4096,parentSchema:schema31.properties.spec.properties.labels.additionalProperties,data:data81};
if(vErrors === null){
vErrors = [err215];
}
else {
vErrors.push(err215);
}
errors++;
}
}
else {
const err216 = {instancePath:instancePath+"/spec/labels/" + key15.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/spec/properties/labels/additionalProperties/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.labels.additionalProperties.type,parentSchema:schema31.properties.spec.properties.labels.additionalProperties,data:data81};
if(vErrors === null){
vErrors = [err216];
}
else {
vErrors.push(err216);
}
errors++;
}
}
}
else {
const err217 = {instancePath:instancePath+"/spec/labels",schemaPath:"#/properties/spec/properties/labels/type",keyword:"type",params:{type: "object"},schema:schema31.properties.spec.properties.labels.type,parentSchema:schema31.properties.spec.properties.labels,data:data80};
if(vErrors === null){
vErrors = [err217];
}
else {
vErrors.push(err217);
}
errors++;
}
}
if(data8.sampleLimit !== undefined){
let data82 = data8.sampleLimit;
if(!(((typeof data82 == "number") && (!(data82 % 1) && !isNaN(data82))) && (isFinite(data82)))){
const err218 = {instancePath:instancePath+"/spec/sampleLimit",schemaPath:"#/properties/spec/properties/sampleLimit/type",keyword:"type",params:{type: "integer"},schema:schema31.properties.spec.properties.sampleLimit.type,parentSchema:schema31.properties.spec.properties.sampleLimit,data:data82};
if(vErrors === null){
vErrors = [err218];
}
else {
vErrors.push(err218);
}
errors++;
}
if((typeof data82 == "number") && (isFinite(data82))){
if(data82 > 2147483647 || isNaN(data82)){
const err219 = {instancePath:instancePath+"/spec/sampleLimit",schemaPath:"#/properties/spec/properties/sampleLimit/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},schema:2147483647,parentSchema:schema31.properties.spec.properties.sampleLimit,data:data82};
if(vErrors === null){
vErrors = [err219];
}
else {
vErrors.push(err219);
}
errors++;
}
if(data82 < 0 || isNaN(data82)){
const err220 = {instancePath:instancePath+"/spec/sampleLimit",schemaPath:"#/properties/spec/properties/sampleLimit/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema31.properties.spec.properties.sampleLimit,data:data82};
if(vErrors === null){
vErrors = [err220];
}
else {
vErrors.push(err220);
}
errors++;
}
}
}
if(data8.targetLimit !== undefined){
let data83 = data8.targetLimit;
if(!(((typeof data83 == "number") && (!(data83 % 1) && !isNaN(data83))) && (isFinite(data83)))){
const err221 = {instancePath:instancePath+"/spec/targetLimit",schemaPath:"#/properties/spec/properties/targetLimit/type",keyword:"type",params:{type: "integer"},schema:schema31.properties.spec.properties.targetLimit.type,parentSchema:schema31.properties.spec.properties.targetLimit,data:data83};
if(vErrors === null){
vErrors = [err221];
}
else {
vErrors.push(err221);
}
errors++;
}
if((typeof data83 == "number") && (isFinite(data83))){
if(data83 > 2147483647 || isNaN(data83)){
const err222 = {instancePath:instancePath+"/spec/targetLimit",schemaPath:"#/properties/spec/properties/targetLimit/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},schema:2147483647,parentSchema:schema31.properties.spec.properties.targetLimit,data:data83};
if(vErrors === null){
vErrors = [err222];
}
else {
vErrors.push(err222);
}
errors++;
}
if(data83 < 0 || isNaN(data83)){
const err223 = {instancePath:instancePath+"/spec/targetLimit",schemaPath:"#/properties/spec/properties/targetLimit/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema31.properties.spec.properties.targetLimit,data:data83};
if(vErrors === null){
vErrors = [err223];
}
else {
vErrors.push(err223);
}
errors++;
}
}
}
if(data8.labelLimit !== undefined){
let data84 = data8.labelLimit;
if(!(((typeof data84 == "number") && (!(data84 % 1) && !isNaN(data84))) && (isFinite(data84)))){
const err224 = {instancePath:instancePath+"/spec/labelLimit",schemaPath:"#/properties/spec/properties/labelLimit/type",keyword:"type",params:{type: "integer"},schema:schema31.properties.spec.properties.labelLimit.type,parentSchema:schema31.properties.spec.properties.labelLimit,data:data84};
if(vErrors === null){
vErrors = [err224];
}
else {
vErrors.push(err224);
}
errors++;
}
if((typeof data84 == "number") && (isFinite(data84))){
if(data84 > 2147483647 || isNaN(data84)){
const err225 = {instancePath:instancePath+"/spec/labelLimit",schemaPath:"#/properties/spec/properties/labelLimit/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},schema:2147483647,parentSchema:schema31.properties.spec.properties.labelLimit,data:data84};
if(vErrors === null){
vErrors = [err225];
}
else {
vErrors.push(err225);
}
errors++;
}
if(data84 < 0 || isNaN(data84)){
const err226 = {instancePath:instancePath+"/spec/labelLimit",schemaPath:"#/properties/spec/properties/labelLimit/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema31.properties.spec.properties.labelLimit,data:data84};
if(vErrors === null){
vErrors = [err226];
}
else {
vErrors.push(err226);
}
errors++;
}
}
}
if(data8.labelNameLengthLimit !== undefined){
let data85 = data8.labelNameLengthLimit;
if(!(((typeof data85 == "number") && (!(data85 % 1) && !isNaN(data85))) && (isFinite(data85)))){
const err227 = {instancePath:instancePath+"/spec/labelNameLengthLimit",schemaPath:"#/properties/spec/properties/labelNameLengthLimit/type",keyword:"type",params:{type: "integer"},schema:schema31.properties.spec.properties.labelNameLengthLimit.type,parentSchema:schema31.properties.spec.properties.labelNameLengthLimit,data:data85};
if(vErrors === null){
vErrors = [err227];
}
else {
vErrors.push(err227);
}
errors++;
}
if((typeof data85 == "number") && (isFinite(data85))){
if(data85 > 2147483647 || isNaN(data85)){
const err228 = {instancePath:instancePath+"/spec/labelNameLengthLimit",schemaPath:"#/properties/spec/properties/labelNameLengthLimit/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},schema:2147483647,parentSchema:schema31.properties.spec.properties.labelNameLengthLimit,data:data85};
if(vErrors === null){
vErrors = [err228];
}
else {
vErrors.push(err228);
}
errors++;
}
if(data85 < 0 || isNaN(data85)){
const err229 = {instancePath:instancePath+"/spec/labelNameLengthLimit",schemaPath:"#/properties/spec/properties/labelNameLengthLimit/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema31.properties.spec.properties.labelNameLengthLimit,data:data85};
if(vErrors === null){
vErrors = [err229];
}
else {
vErrors.push(err229);
}
errors++;
}
}
}
if(data8.labelValueLengthLimit !== undefined){
let data86 = data8.labelValueLengthLimit;
if(!(((typeof data86 == "number") && (!(data86 % 1) && !isNaN(data86))) && (isFinite(data86)))){
const err230 = {instancePath:instancePath+"/spec/labelValueLengthLimit",schemaPath:"#/properties/spec/properties/labelValueLengthLimit/type",keyword:"type",params:{type: "integer"},schema:schema31.properties.spec.properties.labelValueLengthLimit.type,parentSchema:schema31.properties.spec.properties.labelValueLengthLimit,data:data86};
if(vErrors === null){
vErrors = [err230];
}
else {
vErrors.push(err230);
}
errors++;
}
if((typeof data86 == "number") && (isFinite(data86))){
if(data86 > 2147483647 || isNaN(data86)){
const err231 = {instancePath:instancePath+"/spec/labelValueLengthLimit",schemaPath:"#/properties/spec/properties/labelValueLengthLimit/maximum",keyword:"maximum",params:{comparison: "<=", limit: 2147483647},schema:2147483647,parentSchema:schema31.properties.spec.properties.labelValueLengthLimit,data:data86};
if(vErrors === null){
vErrors = [err231];
}
else {
vErrors.push(err231);
}
errors++;
}
if(data86 < 0 || isNaN(data86)){
const err232 = {instancePath:instancePath+"/spec/labelValueLengthLimit",schemaPath:"#/properties/spec/properties/labelValueLengthLimit/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},schema:0,parentSchema:schema31.properties.spec.properties.labelValueLengthLimit,data:data86};
if(vErrors === null){
vErrors = [err232];
}
else {
vErrors.push(err232);
}
errors++;
}
}
}
if(data8.bodySizeLimit !== undefined){
let data87 = data8.bodySizeLimit;
if(typeof data87 === "string"){
if(func1(data87) > 32){
const err233 = {instancePath:instancePath+"/spec/bodySizeLimit",schemaPath:"#/properties/spec/properties/bodySizeLimit/maxLength",keyword:"maxLength",params:{limit: 32},schema:32,parentSchema:schema31.properties.spec.properties.bodySizeLimit,data:data87};
if(vErrors === null){
vErrors = [err233];
}
else {
vErrors.push(err233);
}
errors++;
}
if(!pattern20.test(data87)){
const err234 = {instancePath:instancePath+"/spec/bodySizeLimit",schemaPath:"#/properties/spec/properties/bodySizeLimit/pattern",keyword:"pattern",params:{pattern: "^(0|([0-9]*[.])?[0-9]+([KMGTPE]i?)?B)$"},schema:"^(0|([0-9]*[.])?[0-9]+([KMGTPE]i?)?B)$",parentSchema:schema31.properties.spec.properties.bodySizeLimit,data:data87};
if(vErrors === null){
vErrors = [err234];
}
else {
vErrors.push(err234);
}
errors++;
}
}
else {
const err235 = {instancePath:instancePath+"/spec/bodySizeLimit",schemaPath:"#/properties/spec/properties/bodySizeLimit/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.bodySizeLimit.type,parentSchema:schema31.properties.spec.properties.bodySizeLimit,data:data87};
if(vErrors === null){
vErrors = [err235];
}
else {
vErrors.push(err235);
}
errors++;
}
}
if(data8.fallbackScrapeProtocol !== undefined){
let data88 = data8.fallbackScrapeProtocol;
if(typeof data88 !== "string"){
const err236 = {instancePath:instancePath+"/spec/fallbackScrapeProtocol",schemaPath:"#/properties/spec/properties/fallbackScrapeProtocol/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.fallbackScrapeProtocol.type,parentSchema:schema31.properties.spec.properties.fallbackScrapeProtocol,data:data88};
if(vErrors === null){
vErrors = [err236];
}
else {
vErrors.push(err236);
}
errors++;
}
if(!(((((data88 === "PrometheusProto") || (data88 === "OpenMetricsText0.0.1")) || (data88 === "OpenMetricsText1.0.0")) || (data88 === "PrometheusText0.0.4")) || (data88 === "PrometheusText1.0.0"))){
const err237 = {instancePath:instancePath+"/spec/fallbackScrapeProtocol",schemaPath:"#/properties/spec/properties/fallbackScrapeProtocol/enum",keyword:"enum",params:{allowedValues: schema31.properties.spec.properties.fallbackScrapeProtocol.enum},schema:schema31.properties.spec.properties.fallbackScrapeProtocol.enum,parentSchema:schema31.properties.spec.properties.fallbackScrapeProtocol,data:data88};
if(vErrors === null){
vErrors = [err237];
}
else {
vErrors.push(err237);
}
errors++;
}
}
if(data8.bindingPolicy !== undefined){
let data89 = data8.bindingPolicy;
if(typeof data89 !== "string"){
const err238 = {instancePath:instancePath+"/spec/bindingPolicy",schemaPath:"#/properties/spec/properties/bindingPolicy/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.bindingPolicy.type,parentSchema:schema31.properties.spec.properties.bindingPolicy,data:data89};
if(vErrors === null){
vErrors = [err238];
}
else {
vErrors.push(err238);
}
errors++;
}
if(!((data89 === "Ensure") || (data89 === "Observe"))){
const err239 = {instancePath:instancePath+"/spec/bindingPolicy",schemaPath:"#/properties/spec/properties/bindingPolicy/enum",keyword:"enum",params:{allowedValues: schema31.properties.spec.properties.bindingPolicy.enum},schema:schema31.properties.spec.properties.bindingPolicy.enum,parentSchema:schema31.properties.spec.properties.bindingPolicy,data:data89};
if(vErrors === null){
vErrors = [err239];
}
else {
vErrors.push(err239);
}
errors++;
}
}
if(data8.deletionPolicy !== undefined){
let data90 = data8.deletionPolicy;
if(typeof data90 !== "string"){
const err240 = {instancePath:instancePath+"/spec/deletionPolicy",schemaPath:"#/properties/spec/properties/deletionPolicy/type",keyword:"type",params:{type: "string"},schema:schema31.properties.spec.properties.deletionPolicy.type,parentSchema:schema31.properties.spec.properties.deletionPolicy,data:data90};
if(vErrors === null){
vErrors = [err240];
}
else {
vErrors.push(err240);
}
errors++;
}
if(!((data90 === "Retain") || (data90 === "Delete"))){
const err241 = {instancePath:instancePath+"/spec/deletionPolicy",schemaPath:"#/properties/spec/properties/deletionPolicy/enum",keyword:"enum",params:{allowedValues: schema31.properties.spec.properties.deletionPolicy.enum},schema:schema31.properties.spec.properties.deletionPolicy.enum,parentSchema:schema31.properties.spec.properties.deletionPolicy,data:data90};
if(vErrors === null){
vErrors = [err241];
}
else {
vErrors.push(err241);
}
errors++;
}
}
if(data8.suspend !== undefined){
let data91 = data8.suspend;
if(typeof data91 !== "boolean"){
const err242 = {instancePath:instancePath+"/spec/suspend",schemaPath:"#/properties/spec/properties/suspend/type",keyword:"type",params:{type: "boolean"},schema:schema31.properties.spec.properties.suspend.type,parentSchema:schema31.properties.spec.properties.suspend,data:data91};
if(vErrors === null){
vErrors = [err242];
}
else {
vErrors.push(err242);
}
errors++;
}
}
}
else {
const err243 = {instancePath:instancePath+"/spec",schemaPath:"#/properties/spec/type",keyword:"type",params:{type: "object"},schema:schema31.properties.spec.type,parentSchema:schema31.properties.spec,data:data8};
if(vErrors === null){
vErrors = [err243];
}
else {
vErrors.push(err243);
}
errors++;
}
}
if(data.status !== undefined){
let data92 = data.status;
if(data92 && typeof data92 == "object" && !Array.isArray(data92)){
}
else {
const err244 = {instancePath:instancePath+"/status",schemaPath:"#/properties/status/type",keyword:"type",params:{type: "object"},schema:schema31.properties.status.type,parentSchema:schema31.properties.status,data:data92};
if(vErrors === null){
vErrors = [err244];
}
else {
vErrors.push(err244);
}
errors++;
}
}
}
else {
const err245 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},schema:schema31.type,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err245];
}
else {
vErrors.push(err245);
}
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};
