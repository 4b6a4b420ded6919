/*
 * Licensed under the Apache License, Version 2.0 (the "License"); you may not
 * use this file except in compliance with the License. You may obtain a copy of
 * the License at http://www.apache.org/licenses/LICENSE-2.0. Distributed on an
 * "AS IS" basis, without warranties or conditions of any kind.
 */
package org.jamesoutgoing.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

/** The packages of this module, as mailets/README.md has them. */
@AnalyzeClasses(
        packages = {
            "org.jamesoutgoing.guice",
            "org.jamesoutgoing.webadmin",
            "org.jamesoutgoing.tasks",
            "org.jamesoutgoing.health",
            "org.jamesoutgoing.hooks"
        },
        importOptions = ImportOption.DoNotIncludeTests.class)
class PackagesTest {

    private static final String ROOT = "org.jamesoutgoing.";

    @ArchTest
    static final ArchRule onlyWebadminUsesAnotherPackageWhichIsTasks = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(
                    ROOT + "guice..", ROOT + "webadmin..", ROOT + "tasks..", ROOT + "health..", ROOT + "hooks..")
            .layer("guice")
            .definedBy(ROOT + "guice..")
            .layer("webadmin")
            .definedBy(ROOT + "webadmin..")
            .layer("tasks")
            .definedBy(ROOT + "tasks..")
            .layer("health")
            .definedBy(ROOT + "health..")
            .layer("hooks")
            .definedBy(ROOT + "hooks..")
            .whereLayer("guice")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("webadmin")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("health")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("hooks")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("tasks")
            .mayOnlyBeAccessedByLayers("webadmin");

    @ArchTest
    static final ArchRule nothingWritesToTheConsole =
            noClasses().should().accessField(System.class, "out").orShould().accessField(System.class, "err");

    @ArchTest
    static final ArchRule timeComesInThroughTheConstructor = noClasses()
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");
}
