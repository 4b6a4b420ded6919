/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.webadmin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Inject;
import com.google.inject.Injector;
import com.google.inject.Module;
import com.google.inject.Provider;
import com.google.inject.TypeLiteral;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.name.Names;
import com.google.inject.util.Modules;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.configuration2.Configuration;
import org.apache.commons.configuration2.PropertiesConfiguration;
import org.apache.james.dnsservice.api.DNSService;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.mailrepository.api.MailRepositoryStore;
import org.apache.james.metrics.api.GaugeRegistry;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.metrics.api.NoopGaugeRegistry;
import org.apache.james.metrics.tests.RecordingMetricFactory;
import org.apache.james.queue.api.MailQueueFactory;
import org.apache.james.server.core.configuration.ConfigurationProvider;
import org.apache.james.task.TaskManager;
import org.apache.james.utils.PropertiesProvider;
import org.apache.james.webadmin.RandomPortSupplier;
import org.apache.james.webadmin.Routes;
import org.apache.james.webadmin.WebAdminConfiguration;
import org.apache.james.webadmin.WebAdminServer;
import org.apache.james.webadmin.authentication.AuthenticationFilter;
import org.apache.james.webadmin.authentication.NoAuthenticationFilter;
import org.apache.james.webadmin.mdc.RequestLogger;
import org.apache.james.webadmin.utils.JsonTransformerModule;
import org.jamesoutgoing.dsn.template.TemplateName;
import org.jamesoutgoing.routing.OptionValues;
import org.jamesoutgoing.routing.RouteName;
import org.jamesoutgoing.routing.StaticRoute;
import org.jamesoutgoing.service.ControlRegistry;
import org.jamesoutgoing.service.RouteRegistry;
import org.jamesoutgoing.service.TemplateRegistry;
import org.jamesoutgoing.settings.Origin;

/** James's own webadmin server with {@link OutgoingRoutes} over {@link MemoryStore}s, and no service. */
final class Webadmin implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Path NOWHERE = Path.of("no", "such", "directory");

    private final HttpClient http = HttpClient.newHttpClient();
    private final Injector injector;
    private final WebAdminServer server;

    Webadmin(MemoryStore<RouteName, OptionValues> store, StaticRoute... file) {
        this(new James(
                new RouteRegistry(store, List.of(file)),
                new TemplateRegistry(new MemoryStore<>("template"), NOWHERE, Clock.systemUTC())));
    }

    /** @param directory of the administrator's templates */
    Webadmin(MemoryStore<TemplateName, String> store, Path directory) {
        this(new James(
                new RouteRegistry(new MemoryStore<>("route"), List.of()),
                new TemplateRegistry(store, directory, Clock.systemUTC())));
    }

    private Webadmin(Module james) {
        injector = Guice.createInjector(james);
        server = injector.getInstance(WebAdminServer.class).start();
    }

    /** James's files: those of exports, which are in this folder. */
    static FileSystem files(Path exports) {
        return Stub.of(FileSystem.class, Map.of("getFile", url -> {
            assertThat(url[0]).isEqualTo("file://var/outgoing-exports");
            return exports.toFile();
        }));
    }

    /** What stands in {@code webadmin.properties}. */
    static PropertiesProvider properties(Map<String, String> webadmin) {
        PropertiesConfiguration configuration = new PropertiesConfiguration();
        webadmin.forEach(configuration::addProperty);
        return new PropertiesProvider(null, null) {
            @Override
            public Configuration getConfiguration(String name) {
                if (!name.equals("webadmin")) {
                    throw new IllegalArgumentException(name);
                }
                return configuration;
            }
        };
    }

    /** @param parts of James that are there too */
    static Webadmin with(Module parts) {
        return new Webadmin(Modules.override(new James(
                        new RouteRegistry(new MemoryStore<>("route"), List.of()),
                        new TemplateRegistry(new MemoryStore<>("template"), NOWHERE, Clock.systemUTC())))
                .with(parts));
    }

    <T> T part(Class<T> type) {
        return injector.getInstance(type);
    }

    WebAdminServer server() {
        return server;
    }

    int port() {
        return server.getPort().getValue();
    }

    static StaticRoute inFile(String name, String option, String value) {
        return new StaticRoute(RouteName.parse(name), Origin.FILE, OptionValues.of(Map.of(option, value)));
    }

    /** @param headers name, value, name, value … */
    HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.getPort().getValue() + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, "");
    }

    HttpResponse<String> put(String path, String body, String... headers) throws Exception {
        return send("PUT", path, body, headers);
    }

    static JsonNode json(HttpResponse<String> response) throws Exception {
        return MAPPER.readTree(response.body());
    }

    static String etag(HttpResponse<String> response) {
        return response.headers().firstValue("ETag").orElse("");
    }

    @Override
    public void close() {
        server.destroy();
    }

    private static final class James extends AbstractModule {
        private final RouteRegistry routes;
        private final TemplateRegistry templates;

        James(RouteRegistry routes, TemplateRegistry templates) {
            this.routes = routes;
            this.templates = templates;
        }

        @Override
        protected void configure() {
            bind(RouteRegistry.class).toInstance(routes);
            bind(TemplateRegistry.class).toInstance(templates);
            bind(ControlRegistry.class)
                    .toInstance(new ControlRegistry(new MemoryStore<>("control"), Clock.systemUTC()));
            bind(new TypeLiteral<MailQueueFactory<?>>() {}).toInstance(unused(MailQueueFactory.class));
            bind(MailRepositoryStore.class).toInstance(unused(MailRepositoryStore.class));
            bind(DNSService.class).toInstance(unused(DNSService.class));
            bind(ConfigurationProvider.class).toInstance(unused(ConfigurationProvider.class));
            bind(FileSystem.class).toInstance(files(NOWHERE));
            bind(org.apache.james.server.core.configuration.Configuration.class)
                    .toInstance(unused(org.apache.james.server.core.configuration.Configuration.class));
            bind(MetricFactory.class).toInstance(new RecordingMetricFactory());
            bind(GaugeRegistry.class).to(NoopGaugeRegistry.class);
            bind(PropertiesProvider.class).toInstance(PropertiesProvider.forTesting());
            bind(TaskManager.class).toInstance(unused(TaskManager.class));
            bind(Clock.class).toInstance(Clock.systemUTC());
            bind(AuthenticationFilter.class).to(NoAuthenticationFilter.class);
            bind(WebAdminConfiguration.class)
                    .toInstance(WebAdminConfiguration.builder()
                            .enabled()
                            .port(new RandomPortSupplier())
                            .host("127.0.0.1")
                            .maxThreadCount(Optional.of(10))
                            .minThreadCount(Optional.of(2))
                            .build());
            Multibinder.newSetBinder(binder(), RequestLogger.class);
            Multibinder.newSetBinder(binder(), JsonTransformerModule.class);
            bind(new TypeLiteral<List<Routes>>() {})
                    .annotatedWith(Names.named("webAdminRoutes"))
                    .toProvider(new Provider<>() {
                        @Inject
                        private OutgoingRoutes routes;

                        @Override
                        public List<Routes> get() {
                            return List.of(routes);
                        }
                    });
        }

        @SuppressWarnings("unchecked")
        private static <T> T unused(Class<T> type) {
            return (T)
                    Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                        throw new UnsupportedOperationException(method.getName());
                    });
        }
    }
}
