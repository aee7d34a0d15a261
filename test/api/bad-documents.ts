/** An error as the tests expect it: `documentIndex:line:column`, JSON path, reason, message. */
export type ExpectedError = readonly [place: string, path: string, reason: string, message: string];

/** What each file of documents/*.bad.yaml must be told, word for word: the messages are part of the product. */
export const BAD_DOCUMENTS: Readonly<Record<string, readonly ExpectedError[]>> = {
  'alias-and-canonical': [
    [
      '0:12:7',
      'spec.endpoints[0].metricsPath',
      'InvalidSpec',
      '`metricsPath` is another name of `path`. Keep one of them.',
    ],
  ],
  'api-version-unknown': [
    [
      '0:1:13',
      'apiVersion',
      'UnsupportedVersion',
      'The version "monitoring.ecs/v1" is not known. Write "monitoring.ecs/v1alpha1".',
    ],
  ],
  'authorization-and-basic-auth': [
    [
      '0:12:7',
      'spec.endpoints[0].authorization',
      'InvalidSpec',
      'An endpoint has either `basicAuth` or `authorization`. Remove one of them.',
    ],
  ],
  'authorization-basic': [
    [
      '0:11:29',
      'spec.endpoints[0].authorization.type',
      'InvalidSpec',
      'The type Basic is not allowed here. Write `basicAuth: {username: …, passwordFile: …}` instead.',
    ],
  ],
  'basic-auth-password': [
    [
      '0:11:18',
      'spec.endpoints[0].basicAuth.passwordFile',
      'InvalidSpec',
      'The field `passwordFile` is required. Add it to basicAuth.',
    ],
    [
      '0:11:32',
      'spec.endpoints[0].basicAuth.password',
      'UnsupportedField',
      'The field "password" is not supported. Secrets are not written in documents: put it in a file and write `passwordFile`.',
    ],
  ],
  'bearer-token-file': [
    [
      '0:11:7',
      'spec.endpoints[0].bearerTokenFile',
      'UnsupportedField',
      'The field "bearerTokenFile" is not supported. Write `authorization: {credentialsFile: …}` instead.',
    ],
  ],
  'body-size-unit-unknown': [
    [
      '0:10:18',
      'spec.bodySizeLimit',
      'InvalidSpec',
      'Expected a size with its unit, such as 50MB, found "50mb".',
    ],
  ],
  'body-size-without-unit': [
    [
      '0:10:18',
      'spec.bodySizeLimit',
      'InvalidSpec',
      'Expected a size with its unit, such as 50MB, found the number 50.',
    ],
  ],
  'cluster-differs-from-arn': [
    [
      '0:6:25',
      'spec.serviceRef.cluster',
      'InvalidSpec',
      'The ARN of the service names the cluster "other", but `cluster` is "main". Correct one of them.',
    ],
  ],
  'cluster-not-a-name': [
    [
      '0:6:25',
      'spec.serviceRef.cluster',
      'InvalidSpec',
      'Expected a cluster name (letters, digits, hyphens and underscores, at most 255) or the ARN of a cluster, found "main cluster".',
    ],
  ],
  'container-port-twice': [
    [
      '0:7:118',
      'spec.registry.dnsRecord.containerPort',
      'InvalidSpec',
      '`containerPort` is also written in spec.registry. Keep one of them.',
    ],
  ],
  'cut-off-in-the-middle': [
    [
      '0:9:23',
      '',
      'InvalidYAML',
      'This is not readable YAML: unexpected end of the stream within a flow collection. Close what was opened with { or [.',
    ],
  ],
  'cut-off': [
    [
      '0:1:13',
      'apiVersion',
      'UnsupportedVersion',
      'The version "monit" is not known. Write "monitoring.ecs/v1alpha1".',
    ],
  ],
  'dns-a-with-container-port': [
    [
      '0:7:54',
      'spec.registry.containerName',
      'InvalidSpec',
      'An A record holds an address only, and ECS refuses a `containerName` with it. Write `dnsRecord: {type: SRV}`, or remove containerName.',
    ],
    [
      '0:7:74',
      'spec.registry.containerPort',
      'InvalidSpec',
      'An A record holds an address only, and ECS refuses a `containerPort` with it. Write `dnsRecord: {type: SRV}`, or remove containerPort.',
    ],
  ],
  'dns-aaaa-with-container-port': [
    [
      '0:7:78',
      'spec.registry.dnsRecord.containerPort',
      'InvalidSpec',
      'An AAAA record holds an address only, and ECS refuses a `containerPort` with it. Write `dnsRecord: {type: SRV}`, or remove containerPort.',
    ],
  ],
  'dns-srv-without-container-name': [
    [
      '0:7:13',
      'spec.registry.containerName',
      'InvalidSpec',
      'An SRV record needs `containerName`. Write containerName and containerPort as in the task definition.',
    ],
  ],
  'dns-srv-without-container': [
    [
      '0:7:13',
      'spec.registry.containerName',
      'InvalidSpec',
      'An SRV record needs `containerName`. Write containerName and containerPort as in the task definition.',
    ],
    [
      '0:7:13',
      'spec.registry.containerPort',
      'InvalidSpec',
      'An SRV record needs `containerPort`. Write containerName and containerPort as in the task definition.',
    ],
  ],
  'dns-ttl-negative': [
    [
      '0:7:56',
      'spec.registry.dnsRecord.ttl',
      'InvalidSpec',
      'Expected a number of seconds, 0 to 2147483647, found the number -1.',
    ],
  ],
  'dns-type-unknown': [
    ['0:7:57', 'spec.registry.dnsRecord.type', 'InvalidSpec', 'Expected one of A, AAAA, SRV, found "CNAME".'],
  ],
  'duplicate-key': [['0:11:3', '', 'InvalidYAML', 'The key "suspend" is written twice. Keep one of them.']],
  'duplicate-name': [
    [
      '1:14:9',
      'metadata.name',
      'DuplicateName',
      'The name "webapp" is already taken by "webapp" (duplicate-name.bad.yaml line 1). Names are unique over all sources: rename one.',
    ],
  ],
  'duplicate-registry': [
    [
      '1:17:13',
      'spec.registry',
      'DuplicateRegistry',
      'The registry "ecs-services/shared" already belongs to "webapp" (duplicate-registry.bad.yaml line 1). Give each ScrapeTarget a registry of its own.',
    ],
  ],
  'duplicate-service': [
    [
      '1:16:15',
      'spec.serviceRef',
      'DuplicateService',
      'The ECS service "main/WebApp" already belongs to "webapp" (duplicate-service.bad.yaml line 1). An ECS service has one registry: put all its endpoints into one ScrapeTarget.',
    ],
  ],
  'endpoint-name-not-dns': [
    [
      '0:9:14',
      'spec.endpoints[0].name',
      'InvalidSpec',
      'Expected a DNS label: lower-case letters, digits and hyphens, at most 63, beginning and ending with a letter or digit, found "Admin_Port".',
    ],
  ],
  'endpoint-name-twice': [
    [
      '0:11:13',
      'spec.endpoints[1].name',
      'InvalidSpec',
      'The name "metrics" is already that of spec.endpoints[0]. Names of endpoints are unique in a ScrapeTarget: rename one.',
    ],
  ],
  'endpoint-same-address': [
    [
      '0:11:7',
      'spec.endpoints[1]',
      'InvalidSpec',
      'This endpoint scrapes the same port and path as spec.endpoints[0], so every sample would be taken twice. Change one, or remove it.',
    ],
  ],
  'endpoints-empty': [
    ['0:9:5', 'spec.endpoints', 'InvalidSpec', 'Expected a list of endpoints, one to 20, found 0.'],
  ],
  'endpoints-not-a-list': [
    ['0:9:5', 'spec.endpoints', 'InvalidSpec', 'Expected a list of endpoints, one to 20, found a map.'],
  ],
  'endpoints-too-many': [
    ['0:9:5', 'spec.endpoints', 'InvalidSpec', 'Expected a list of endpoints, one to 20, found 21.'],
  ],
  'fallback-protocol-unknown': [
    [
      '0:10:27',
      'spec.fallbackScrapeProtocol',
      'InvalidSpec',
      'Expected one of PrometheusProto, OpenMetricsText0.0.1, OpenMetricsText1.0.0, PrometheusText0.0.4, PrometheusText1.0.0, found "PrometheusText". Did you mean "PrometheusProto"?',
    ],
  ],
  'file-detour': [
    [
      '0:11:40',
      'spec.endpoints[0].authorization.credentialsFile',
      'FileAccessDenied',
      '"/etc/prometheus/secrets/../web.yml" takes a detour. Write the path without "..", "." and double slashes.',
    ],
  ],
  'file-outside-by-prefix': [
    [
      '0:11:27',
      'spec.endpoints[0].tlsConfig.caFile',
      'FileAccessDenied',
      '"/etc/prometheus/secrets-of-others/ca.pem" is outside "/etc/prometheus/secrets/". Put it there, or allow another directory with --file-access-dir DIR.',
    ],
  ],
  'file-outside': [
    [
      '0:11:27',
      'spec.endpoints[0].tlsConfig.caFile',
      'FileAccessDenied',
      '"/etc/passwd" is outside "/etc/prometheus/secrets/". Put it there, or allow another directory with --file-access-dir DIR.',
    ],
  ],
  'file-relative': [
    [
      '0:11:27',
      'spec.endpoints[0].tlsConfig.caFile',
      'FileAccessDenied',
      '"ca.pem" is not an absolute path. Write it from /, as Prometheus sees it.',
    ],
  ],
  'interval-empty': [
    [
      '0:11:17',
      'spec.endpoints[0].interval',
      'InvalidSpec',
      'Expected a duration above zero such as 30s or 1m30s, found "".',
    ],
  ],
  'interval-is-a-number': [
    [
      '0:11:17',
      'spec.endpoints[0].interval',
      'InvalidSpec',
      'Expected a Prometheus duration such as 30s, 1m30s or 500ms, found the number 30.',
    ],
  ],
  'interval-not-a-duration': [
    [
      '0:11:17',
      'spec.endpoints[0].interval',
      'InvalidSpec',
      'Expected a Prometheus duration such as 30s, 1m30s or 500ms, found "1.5m".',
    ],
  ],
  'interval-zero': [
    [
      '0:11:17',
      'spec.endpoints[0].interval',
      'InvalidSpec',
      'Expected a duration above zero such as 30s or 1m30s, found "0s".',
    ],
  ],
  'kind-list': [
    [
      '0:2:7',
      'kind',
      'UnsupportedKind',
      'A List is not read. Write each ScrapeTarget as a document of its own, with --- between them.',
    ],
  ],
  'kind-missing': [['0:1:1', 'kind', 'InvalidSpec', 'The field `kind` is required. Add it to the document.']],
  'kind-wrong': [
    [
      '0:2:7',
      'kind',
      'UnsupportedKind',
      'The group monitoring.ecs has no kind "ScrapeTargets". Write "ScrapeTarget".',
    ],
  ],
  'label-name-invalid': [
    [
      '0:10:12',
      'spec.labels.cost-center',
      'InvalidSpec',
      '"cost-center" is not a label name. Write letters, digits and underscores, not beginning with a digit.',
    ],
  ],
  'label-not-text': [
    [
      '0:10:17',
      'spec.labels.env',
      'InvalidSpec',
      'Expected text, found the number 1. Write it in quotes: "1".',
    ],
    ['0:10:24', 'spec.labels.on', 'InvalidSpec', 'Expected text, found true. Write it in quotes: "true".'],
  ],
  'label-of-operator': [
    [
      '0:12:5',
      'spec.labels.cluster',
      'InvalidSpec',
      '"cluster" is set by the operator itself. Choose another name.',
    ],
    ['0:13:5', 'spec.labels.job', 'InvalidSpec', '"job" is set by the operator itself. Choose another name.'],
  ],
  'label-proto': [['0:10:12', '', 'InvalidYAML', 'The key "__proto__" is not allowed.']],
  'label-reserved-prefix': [
    [
      '0:10:12',
      'spec.labels.__address__',
      'InvalidSpec',
      '"__address__" begins with __, which is reserved for Prometheus. Choose another name.',
    ],
  ],
  'limit-negative': [
    [
      '0:10:16',
      'spec.sampleLimit',
      'InvalidSpec',
      'Expected a whole number, 0 for no limit, found the number -1.',
    ],
  ],
  'limit-not-whole': [
    [
      '0:10:16',
      'spec.targetLimit',
      'InvalidSpec',
      'Expected a whole number, 0 for no limit, found the number 1.5.',
    ],
  ],
  'metric-relabel-invalid': [
    [
      '0:12:59',
      'spec.endpoints[0].metricRelabelings[0].regex',
      'InvalidRelabeling',
      '"[" is not a regular expression in RE2 syntax: missing closing ]: `[`.',
    ],
  ],
  misspelled: [
    ['0:6:3', 'spec.endpoints', 'InvalidSpec', 'The field `endpoints` is required. Add it to spec.'],
    ['0:8:3', 'spec.endpionts', 'UnknownField', 'spec has no field "endpionts". Did you mean `endpoints`?'],
    ['0:10:3', 'spec.suspended', 'UnknownField', 'spec has no field "suspended". Did you mean `suspend`?'],
  ],
  'name-is-a-number': [
    [
      '0:4:9',
      'metadata.name',
      'InvalidSpec',
      'Expected a DNS label: lower-case letters, digits and hyphens, at most 63, beginning and ending with a letter or digit, found the number 1.',
    ],
  ],
  'name-not-dns': [
    [
      '0:4:9',
      'metadata.name',
      'InvalidSpec',
      'Expected a DNS label: lower-case letters, digits and hyphens, at most 63, beginning and ending with a letter or digit, found "WebApp".',
    ],
  ],
  'name-too-long': [
    [
      '0:4:9',
      'metadata.name',
      'InvalidSpec',
      'Expected a DNS label: lower-case letters, digits and hyphens, at most 63, beginning and ending with a letter or digit, found "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa".',
    ],
  ],
  'namespace-arn': [
    ['0:7:25', 'spec.registry.namespace', 'InvalidSpec', 'Write the name of the namespace, not its ARN.'],
  ],
  'not-a-map': [
    [
      '0:1:1',
      '',
      'InvalidSpec',
      'Expected a document with apiVersion, kind, metadata and spec, found "just some text".',
    ],
  ],
  'params-name-empty': [
    [
      '0:11:16',
      'spec.endpoints[0].params[""]',
      'InvalidSpec',
      '"" is not the name of a parameter. Write 1 to 256 characters, and not __address__.',
    ],
  ],
  'params-not-lists': [
    [
      '0:11:24',
      'spec.endpoints[0].params.module',
      'InvalidSpec',
      'Expected a list of values such as ["value"], found "http_2xx".',
    ],
  ],
  'path-not-taggable': [
    [
      '0:11:13',
      'spec.endpoints[0].path',
      'InvalidSpec',
      '"/metrics/~all" cannot be kept in a tag of the registry, which takes letters, digits and + - = . _ : / @ only. Serve the metrics under such a path, or set `__metrics_path__` in `relabelings`.',
    ],
  ],
  'path-relative': [
    [
      '0:11:13',
      'spec.endpoints[0].path',
      'InvalidSpec',
      'Expected a path that begins with /, such as /metrics, found "metrics".',
    ],
  ],
  'path-too-long': [
    [
      '0:11:13',
      'spec.endpoints[0].path',
      'InvalidSpec',
      'The path has 257 characters; a tag of the registry takes 256. Serve the metrics under a shorter path.',
    ],
  ],
  'path-with-query': [
    [
      '0:11:13',
      'spec.endpoints[0].path',
      'InvalidSpec',
      'A path has no query. Write `path: /metrics` and the query in `params`.',
    ],
  ],
  'port-is-a-number-in-quotes': [
    [
      '0:10:13',
      'spec.endpoints[0].port',
      'InvalidSpec',
      '`port` is the name of a port mapping. Write `portNumber: 3000`.',
    ],
  ],
  'port-is-a-number': [
    [
      '0:10:13',
      'spec.endpoints[0].port',
      'InvalidSpec',
      'Expected the name of a port mapping of the task definition (a number belongs into portNumber), found the number 3000.',
    ],
  ],
  'port-missing': [
    [
      '0:9:7',
      'spec.endpoints[0].portNumber',
      'InvalidSpec',
      'A port is required. Write `portNumber: 8080`, or `port:` with the name of a port mapping.',
    ],
  ],
  'port-out-of-range': [
    [
      '0:10:19',
      'spec.endpoints[0].portNumber',
      'InvalidSpec',
      'Expected a port number from 1 to 65535, found the number 70000.',
    ],
  ],
  'port-twice': [
    [
      '0:11:13',
      'spec.endpoints[0].port',
      'InvalidSpec',
      'An endpoint has one port. Write either `portNumber` or `port`.',
    ],
  ],
  'registry-missing': [
    ['0:6:3', 'spec.registry', 'InvalidSpec', 'The field `registry` is required. Add it to spec.'],
  ],
  'registry-name-invalid': [
    [
      '0:7:45',
      'spec.registry.name',
      'InvalidSpec',
      'Cloud Map does not take the name "-webapp". Write labels of 1 to 63 letters, digits, hyphens and underscores, separated by dots; a label neither begins nor ends with a hyphen.',
    ],
  ],
  'relabel-action-unknown': [
    [
      '0:12:19',
      'spec.endpoints[0].relabelings[0].action',
      'InvalidSpec',
      'Expected one of replace, keep, drop, keepequal, dropequal, hashmod, labelmap, labeldrop, labelkeep, lowercase, uppercase, found "label_drop". Did you mean "labeldrop"?',
    ],
  ],
  'relabel-hashmod-without-modulus': [
    [
      '0:12:11',
      'spec.endpoints[0].relabelings[0].modulus',
      'InvalidRelabeling',
      'The action hashmod needs a `modulus` of at least 1.',
    ],
  ],
  'relabel-keepequal-with-regex': [
    [
      '0:15:18',
      'spec.endpoints[0].relabelings[0].regex',
      'InvalidRelabeling',
      'The action keepequal takes no `regex`. Remove it.',
    ],
    [
      '0:16:22',
      'spec.endpoints[0].relabelings[0].separator',
      'InvalidRelabeling',
      'The action keepequal takes no `separator`. Remove it.',
    ],
  ],
  'relabel-labeldrop-with-source': [
    [
      '0:13:25',
      'spec.endpoints[0].relabelings[0].sourceLabels',
      'InvalidRelabeling',
      'The action labeldrop takes no `sourceLabels`. Remove it.',
    ],
  ],
  'relabel-labelmap-replacement': [
    [
      '0:14:24',
      'spec.endpoints[0].relabelings[0].replacement',
      'InvalidRelabeling',
      '"my-$1" does not make a label name. Write a name in which ${1} stands for a group.',
    ],
  ],
  'relabel-address': [
    [
      '0:12:25',
      'spec.endpoints[0].relabelings[0].targetLabel',
      'InvalidRelabeling',
      'A rule must not write __address__. Where Prometheus connects to is what AWS says of the tasks; for another port write `portNumber`.',
    ],
    [
      '0:13:46',
      'spec.endpoints[0].relabelings[1].targetLabel',
      'InvalidRelabeling',
      '"${1}" can become __address__. Where Prometheus connects to is what AWS says of the tasks; for another port write `portNumber`.',
    ],
    [
      '0:14:46',
      'spec.endpoints[0].relabelings[2].targetLabel',
      'InvalidRelabeling',
      '"__${1}" can become __address__. Where Prometheus connects to is what AWS says of the tasks; for another port write `portNumber`.',
    ],
    [
      '0:15:46',
      'spec.endpoints[0].relabelings[3].targetLabel',
      'InvalidRelabeling',
      '"team_${1}" makes names that a labelmap can turn into __address__. Where Prometheus connects to is what AWS says of the tasks; for another port write `portNumber`.',
    ],
    [
      '0:16:59',
      'spec.endpoints[0].relabelings[4].replacement',
      'InvalidRelabeling',
      'A rule must not write __address__. Where Prometheus connects to is what AWS says of the tasks; for another port write `portNumber`.',
    ],
    [
      '0:17:59',
      'spec.endpoints[0].relabelings[5].replacement',
      'InvalidRelabeling',
      '"__$1" can become __address__. Where Prometheus connects to is what AWS says of the tasks; for another port write `portNumber`.',
    ],
    [
      '0:19:65',
      'spec.endpoints[0].relabelings[7].targetLabel',
      'InvalidRelabeling',
      'A rule must not write __address__. Where Prometheus connects to is what AWS says of the tasks; for another port write `portNumber`.',
    ],
    [
      '0:20:16',
      'spec.endpoints[0].params.x__address__',
      'InvalidSpec',
      '"x__address__" is not the name of a parameter. Write 1 to 256 characters, and not __address__.',
    ],
    [
      '0:21:12',
      'spec.labels.a__address__',
      'InvalidSpec',
      '"a__address__" contains __address__, which is reserved for Prometheus. Choose another name.',
    ],
    [
      '0:22:18',
      'spec.targetLabels[0]',
      'InvalidSpec',
      'The tag "c__address__" contains __address__, which is reserved for Prometheus. Choose another name.',
    ],
  ],
  'relabel-lowercase-template': [
    [
      '0:14:24',
      'spec.endpoints[0].relabelings[0].targetLabel',
      'InvalidRelabeling',
      '"$1" is not a label name. Write letters, digits and underscores, not beginning with a digit.',
    ],
    [
      '0:15:24',
      'spec.endpoints[0].relabelings[0].replacement',
      'InvalidRelabeling',
      'The action lowercase takes no `replacement`. Remove it.',
    ],
  ],
  'relabel-regex-lookahead': [
    [
      '0:14:18',
      'spec.endpoints[0].relabelings[0].regex',
      'InvalidRelabeling',
      '"(?!/health).*" is not a regular expression in RE2 syntax: invalid or unsupported Perl syntax: `(?!`. RE2 has no look-ahead and no look-behind.',
    ],
  ],
  'relabel-regex-too-costly': [
    [
      '0:14:18',
      'spec.endpoints[0].relabelings[0].regex',
      'InvalidRelabeling',
      'The expression is too large once its counted repetitions are written out. Write * or + instead of large counts.',
    ],
  ],
  'relabel-regex-unclosed': [
    [
      '0:14:18',
      'spec.endpoints[0].relabelings[0].regex',
      'InvalidRelabeling',
      '"(a|b" is not a regular expression in RE2 syntax: missing closing ): `(a|b`.',
    ],
  ],
  'relabel-replace-without-target': [
    [
      '0:12:11',
      'spec.endpoints[0].relabelings[0].targetLabel',
      'InvalidRelabeling',
      'The action replace needs a `targetLabel`.',
    ],
  ],
  'relabel-snake-case': [
    [
      '0:12:11',
      'spec.endpoints[0].relabelings[0].source_labels',
      'UnknownField',
      'spec.endpoints[0].relabelings[0] has no field "source_labels". Did you mean `sourceLabels`?',
    ],
    [
      '0:13:11',
      'spec.endpoints[0].relabelings[0].target_label',
      'UnknownField',
      'spec.endpoints[0].relabelings[0] has no field "target_label". Did you mean `targetLabel`?',
    ],
  ],
  'relabel-source-invalid': [
    [
      '0:13:30',
      'spec.endpoints[0].relabelings[0].sourceLabels[1]',
      'InvalidRelabeling',
      '"not-ok" is not a label name. Write letters, digits and underscores, not beginning with a digit.',
    ],
  ],
  'relabel-target-invalid': [
    [
      '0:12:24',
      'spec.endpoints[0].relabelings[0].targetLabel',
      'InvalidRelabeling',
      '"a-b" is not a label name. Write letters, digits and underscores, not beginning with a digit.',
    ],
  ],
  'relabel-target-template-invalid': [
    [
      '0:13:24',
      'spec.endpoints[0].relabelings[0].targetLabel',
      'InvalidRelabeling',
      '"a-$1" does not make a label name. Write a name in which ${1} stands for a group.',
    ],
  ],
  'routing-policy-unknown': [
    [
      '0:7:54',
      'spec.registry.routingPolicy',
      'InvalidSpec',
      'Expected one of WEIGHTED, MULTIVALUE, found "Weighted". Did you mean "WEIGHTED"?',
    ],
  ],
  'scheme-unknown': [
    [
      '0:11:15',
      'spec.endpoints[0].scheme',
      'InvalidSpec',
      'Expected one of http, https, found "htps". Did you mean "https"?',
    ],
  ],
  selector: [
    [
      '0:10:3',
      'spec.selector',
      'UnsupportedField',
      'The field "selector" is not supported. A ScrapeTarget names one ECS service: write `serviceRef: {cluster: …, service: …}`.',
    ],
  ],
  'service-missing': [
    [
      '0:6:15',
      'spec.serviceRef.service',
      'InvalidSpec',
      'The field `service` is required. Add it to serviceRef.',
    ],
  ],
  'spec-missing': [['0:1:1', 'spec', 'InvalidSpec', 'The field `spec` is required. Add it to the document.']],
  'tag-key-invalid': [
    [
      '0:10:13',
      'spec.jobLabel',
      'InvalidSpec',
      'Expected a tag key: letters, digits, spaces and + - = . _ : / @, at most 128, found "what?".',
    ],
  ],
  'target-label-also-fixed': [
    [
      '0:10:18',
      'spec.targetLabels[0]',
      'InvalidSpec',
      'The tag "team" is already a label of the targets. Remove one of the two.',
    ],
  ],
  'target-label-job': [
    [
      '0:10:18',
      'spec.targetLabels[0]',
      'InvalidSpec',
      'The tag "job" becomes the label "job". Write `jobLabel` for that.',
    ],
  ],
  'target-label-of-operator': [
    [
      '0:10:35',
      'spec.targetLabels[2]',
      'InvalidSpec',
      'The tag "cluster" is set by the operator itself. Choose another name.',
    ],
  ],
  'target-label-twice': [
    [
      '0:10:31',
      'spec.targetLabels[1]',
      'InvalidSpec',
      'The tag "cost_center" is already a label of the targets. Remove one of the two.',
    ],
  ],
  'target-port-out-of-range': [
    [
      '0:10:19',
      'spec.endpoints[0].targetPort',
      'InvalidSpec',
      'Expected a port number from 1 to 65535 or the name of a port mapping, found 0.',
    ],
  ],
  'timeout-above-interval-alias': [
    [
      '0:12:22',
      'spec.endpoints[0].scrapeTimeout',
      'TimeoutExceedsInterval',
      'The timeout 5001ms is longer than the interval 5s. Write 5s or less.',
    ],
  ],
  'timeout-above-interval': [
    [
      '0:12:22',
      'spec.endpoints[0].scrapeTimeout',
      'TimeoutExceedsInterval',
      'The timeout 1m is longer than the interval 30s. Write 30s or less.',
    ],
  ],
  'tls-cert-without-key': [
    [
      '0:12:18',
      'spec.endpoints[0].tlsConfig.keyFile',
      'InvalidSpec',
      '`certFile` is of no use without `keyFile`. Write both, or none.',
    ],
  ],
  'tls-version-unknown': [
    [
      '0:11:31',
      'spec.endpoints[0].tlsConfig.minVersion',
      'InvalidSpec',
      'Expected one of TLS10, TLS11, TLS12, TLS13, found "TLS1.2". Did you mean "TLS12"?',
    ],
  ],
  'tls-versions-crossed': [
    [
      '0:11:31',
      'spec.endpoints[0].tlsConfig.minVersion',
      'InvalidSpec',
      'minVersion TLS13 is above maxVersion TLS12. Lower it.',
    ],
  ],
  'two-ports-typed-wrong': [
    ['0:11:20', 'spec.endpoints[0].honorLabels', 'InvalidSpec', 'Expected true or false, found "yes".'],
    ['0:12:22', 'spec.endpoints[0].filterRunning', 'InvalidSpec', 'Expected true or false, found "no".'],
  ],
  'unknown-field-far': [
    [
      '0:10:3',
      'spec.scrapePools',
      'UnknownField',
      'spec has no field "scrapePools". Its fields are: serviceRef, registry, endpoints, targetLabels, jobLabel, labels, sampleLimit, targetLimit, labelLimit, labelNameLengthLimit, labelValueLengthLimit, bodySizeLimit, fallbackScrapeProtocol, bindingPolicy, deletionPolicy, suspend.',
    ],
  ],
  'yaml-alias-unknown': [
    [
      '0:10:11',
      '',
      'InvalidYAML',
      'This is not readable YAML: the alias "common" stands for nothing that was written before it.',
    ],
  ],
  'yaml-billion-laughs': [
    ['0:10:16', '', 'InvalidYAML', 'This is not readable YAML: more than 20000 values, aliases expanded.'],
  ],
  'yaml-merge-key': [
    [
      '0:3:1',
      '["<<"]',
      'UnsupportedField',
      'The field "<<" is not supported. Merge keys are not part of YAML 1.2: write the fields out, or use an alias for a whole value.',
    ],
  ],
  'yaml-tab': [
    [
      '0:4:1',
      '',
      'InvalidYAML',
      'This is not readable YAML: tab characters must not be used in indentation. Indent with spaces.',
    ],
  ],
  'yaml-tag': [
    ['0:10:13', '', 'InvalidYAML', 'The tag "!Ref" has no meaning here. Remove it, or quote the text.'],
  ],
  'yaml-template': [
    [
      '0:4:10',
      '',
      'InvalidYAML',
      'This is not readable YAML: a key must be plain text; quote a value that begins with { or [.',
    ],
  ],
  'yaml-too-deep': [
    [
      '0:10:73',
      '',
      'InvalidYAML',
      'This is not readable YAML: nesting exceeded maxDepth (64). Documents have at most 64 levels.',
    ],
  ],
};
